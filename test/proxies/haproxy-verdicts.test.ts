import assert from "node:assert/strict";
import { predictions } from "./asking.ts";
import { behaviours } from "./behaviours.ts";
import { decisions } from "./haproxy.ts";
import type { Decision } from "./haproxy.ts";
import { verdictForms } from "./haproxy-forms.ts";
import { haveAll } from "./proxies.ts";
import { serve } from "./servers.ts";

const timeoutMs = 1000;

describe("HAProxy decides, and we predict", function () {
  this.timeout(120_000);
  let decided: ReadonlyMap<string, Decision>;
  let started: Awaited<ReturnType<typeof serve>>;

  before(async function () {
    if (!haveAll("haproxy")) return this.skip();
    started = await serve(behaviours);
    decided = await decisions(verdictForms.map((form) => ({ name: form.name, lines: form.lines, server: "", ports: started.ports })), timeoutMs);
  });
  after(() => started?.close());

  it("has enough to compare", () => {
    assert.ok(behaviours.length >= 40 && verdictForms.length >= 6);
    assert.equal(decided.size, behaviours.length * verdictForms.length);
    const ups = [...decided.values()].filter((one) => one.up).length;
    assert.ok(ups > decided.size / 5 && ups < (decided.size * 4) / 5, `${ups} of ${decided.size} are up: a matrix that is all of one kind proves little`);
  });

  for (const form of verdictForms) {
    it(`for ${form.name}: ${form.lines.join("; ")}`, async () => {
      const ours = await predictions(started.ports, { as: "haproxy", httpchk: form.lines.join("\n") });
      const wrong = behaviours.flatMap(({ name }) => {
        const theirs = decided.get(`${form.name}/${name}`);
        const row = ours.get(name);
        const same = theirs?.up === (row?.verdict === "up") && row?.verdict !== "unknown";
        return same ? [] : [`${name}: HAProxy says ${theirs?.up ? "up" : "down"} (${theirs?.check} ${theirs?.detail}), we say ${row?.verdict} (${row?.reason})`];
      });
      assert.deepEqual(wrong, []);
    });
  }
});
