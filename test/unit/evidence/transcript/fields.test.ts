import assert from "node:assert/strict";
import { completeness, fieldsOf } from "../../../../src/evidence/transcript/fields.ts";
import { transcriptOf } from "../../../../src/evidence/transcript/transcript.ts";
import { payrollDrill } from "../fixtures/payroll-drill.ts";

describe("what auditors ask of an exercise", () => {
  const at = (until: "check" | "end") => fieldsOf(transcriptOf(payrollDrill({ until }).events));
  const status = (fields: ReturnType<typeof at>, name: RegExp) => fields.find((f) => name.test(f.name))?.status;

  it("is answered field by field, with a reason and every standard", () => {
    const fields = at("end");
    assert.equal(fields.length, 31);
    for (const field of fields) {
      assert.ok(field.why, field.name);
      for (const firmness of Object.values(field.asked)) assert.match(firmness, /^[RE–]$/);
    }
    assert.equal(completeness(fields), `${fields.filter((f) => f.status === "present").length} of 31 fields present, ${fields.filter((f) => f.status === "excepted").length} excepted, ${fields.filter((f) => f.status === "missing").length} missing`);
  });

  it("says before sign-off what is missing, and takes it back once it is there", () => {
    for (const name of [/^Sign-off/, /^Reviewer/]) {
      assert.equal(status(at("check"), name), "missing");
      assert.equal(status(at("end"), name), "present");
    }
    for (const name of [/^Scenario/, /^Dates/]) assert.equal(status(at("end"), name), "missing", "what nobody asked for is never taken for given");
  });

  it("takes no check before the first action for one at the other site, and no failure without a finding and its cause for answered", () => {
    const of = (twist: Parameters<typeof payrollDrill>[0], note = "") => {
      const { events } = payrollDrill(twist);
      const { seq, at: when, drill } = events.at(-1)!;
      return fieldsOf(transcriptOf(note === "" ? events : [...events, { v: 1, drill, seq: seq + 1, at: when, by: null, type: "note.added", step: null, text: note }]));
    };
    assert.equal(status(of({ until: "failover" }), /^Alternate site/), "missing");
    assert.equal(status(of({ until: "cleanup" }), /^Alternate site/), "present");
    assert.equal(status(of({}), /^Findings/), "present");
    assert.equal(status(of({ failedServer: true }), /^Findings/), "missing");
    assert.equal(status(of({ failedServer: true }, "cause: the agent was not installed"), /^Findings/), "present");
  });
});
