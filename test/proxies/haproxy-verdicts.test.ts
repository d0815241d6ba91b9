import assert from "node:assert/strict";
import { patienceMs, predictions } from "./asking.ts";
import { behaviours } from "./behaviours.ts";
import { decisions } from "./haproxy.ts";
import type { Decision } from "./haproxy.ts";
import { verdictForms } from "./haproxy-forms.ts";
import { haveAll } from "./proxies.ts";
import { serve } from "./servers.ts";

describe("HAProxy decides, and we predict", function () {
  let decided: ReadonlyMap<string, Decision>;
  let started: Awaited<ReturnType<typeof serve>>;

  before(async function () {
    if (!haveAll("haproxy")) return this.skip();
    started = await serve(behaviours);
    decided = await decisions(verdictForms.map((form) => ({ name: form.name, lines: form.lines, server: "", ports: started.ports })), patienceMs);
  });
  after(() => started?.close());

  it("has enough to compare", () => {
    assert.ok(behaviours.length >= 40 && verdictForms.length >= 6);
    assert.equal(decided.size, behaviours.length * verdictForms.length);
    const ups = [...decided.values()].filter((one) => one.up).length;
    assert.ok(ups > decided.size / 5 && ups < (decided.size * 4) / 5, `${ups} of ${decided.size} are up: a matrix that is all of one kind proves little`);
  });

  const compare = async (form: (typeof verdictForms)[number], ports: ReadonlyMap<string, number>, theirs: (name: string) => Decision | undefined) => {
    const ours = await predictions(ports, { as: "haproxy", httpchk: form.lines.join("\n") });
    return [...ports.keys()].flatMap((name) => {
      const their = theirs(name);
      const row = ours.get(name);
      const same = their?.up === (row?.verdict === "up") && row?.verdict !== "unknown";
      return same ? [] : [{ name, say: `${name}: HAProxy says ${their?.up ? "up" : "down"} (${their?.check} ${their?.detail}), we say ${row?.verdict} (${row?.reason})` }];
    });
  };

  for (const form of verdictForms) {
    it(`for ${form.name}: ${form.lines.join("; ")}`, async () => {
      const wrong = await compare(form, started.ports, (name) => decided.get(`${form.name}/${name}`));
      // Fifteen hundred checks at once make a slow server late on a busy machine: what differs is decided anew, by itself.
      const again = new Map(wrong.flatMap(({ name }) => [[name, started.ports.get(name) ?? 0] as const]));
      if (again.size === 0) return;
      const anew = await decisions([{ name: form.name, lines: form.lines, server: "", ports: again }], patienceMs);
      assert.deepEqual((await compare(form, again, (name) => anew.get(`${form.name}/${name}`))).map(({ say }) => say), []);
    });
  }
});
