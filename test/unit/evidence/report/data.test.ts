import assert from "node:assert/strict";
import { reportData, timelineCsv } from "../../../../src/evidence/report/data.ts";
import { transcriptOf } from "../../../../src/evidence/transcript/transcript.ts";
import { payrollDrill } from "../fixtures/payroll-drill.ts";

describe("the report for programs and spreadsheets", () => {
  it("has every event, and says in each line of a rehearsal that it is none", () => {
    const t = transcriptOf(payrollDrill({ mode: "rehearsal" }).events);
    const lines = timelineCsv(t).split("\r\n");
    assert.equal(lines[0], "seq,at,who,what,detail,counts as test");
    assert.equal(lines.length, t.events + 2);
    assert.ok(lines.slice(1, -1).every((line) => line.endsWith(",no: rehearsal")));
    assert.doesNotMatch(timelineCsv(transcriptOf(payrollDrill({ mode: "test" }).events)), /rehearsal/);
  });

  it("gives a spreadsheet no formula to run, and keeps commas, quotes and lines within their cell", () => {
    for (const says of ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1"]) {
      const t = transcriptOf(payrollDrill({ mode: "test" }).events);
      const csv = timelineCsv({ ...t, timeline: [{ seq: 1, at: t.startedAt, by: "", what: "note", detail: says }] });
      assert.ok(csv.includes(`,'${says}`), says);
    }
    const t = transcriptOf(payrollDrill().events);
    assert.match(timelineCsv({ ...t, timeline: [{ seq: 1, at: "", by: "", what: 'a "b", c', detail: "d\ne" }] }), /,"a ""b"", c","d\ne",/);
  });

  it("is canonical JSON that says whether it counts", () => {
    const read = (mode: "test" | "rehearsal") => JSON.parse(Buffer.from(reportData(transcriptOf(payrollDrill({ mode }).events))).toString());
    assert.deepEqual([read("test").countsAsTest, read("rehearsal").countsAsTest], [true, false]);
    assert.equal(read("test").fields.length, 31);
  });
});
