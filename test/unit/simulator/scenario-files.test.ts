import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readEstate, readScenario, shippedScenarios } from "../../../src/simulator/scenario-files.ts";

describe("scenario files", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "scenario-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const written = (text: string, name = "mine.yaml") => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const whole = (...misfortunes: readonly string[]) => `name: mine\nteaches: Something.\nmisfortunes:\n${misfortunes.map((one) => `  - ${one}\n`).join("")}`;

  it("ship, at least twelve, each with what it teaches and what to watch", () => {
    const names = shippedScenarios();
    assert.ok(names.length >= 12, String(names.length));
    for (const name of names) {
      const scenario = readScenario(name);
      assert.equal(scenario.name, name);
      assert.ok(scenario.teaches.length > 20 && scenario.watch.length > 20, name);
      assert.equal(new Set(names.map((one) => readScenario(one).teaches)).size, names.length);
    }
  });

  it("may bring an estate of their own, in full or in a file beside them", () => {
    const { vaults, networks } = readEstate("payroll");
    const inFull = written(`name: mine\nteaches: Something.\nestate: ${JSON.stringify({ vaults, networks })}\n`);
    assert.equal(readScenario(inFull).estate.vaults[0]?.name, "rsv-payroll");
    written(JSON.stringify({ vaults: [{ ...vaults[0], name: "rsv-other" }], networks }), "other.yaml");
    assert.equal(readScenario(written("name: mine\nteaches: Something.\nestate: ./other.yaml\n")).estate.vaults[0]?.name, "rsv-other");
  });

  it("read times as durations, and scripts by their bytes", () => {
    written("echo hello\n", "hello.sh");
    const { misfortunes } = readScenario(written(whole("{ kind: slow-job, factor: 2, after: 1h30m, times: always }", "{ kind: script-says, server: web-01, script: ./hello.sh, output: hi }")));
    const [slow, says] = misfortunes;
    assert.deepEqual([slow?.after, slow?.times], [5_400_000, null]);
    assert.equal(says?.kind === "script-says" ? says.script : "", createHash("sha256").update("echo hello\n").digest("hex"));
  });

  const refused: readonly (readonly [string, string, RegExp])[] = [
    ["a key that is not known", whole("{ kind: slow-job, faktor: 2 }"), /:4:23: `faktor` is not a key here/],
    ["a kind that is not known", whole("{ kind: earthquake }"), /:4:\d+: /],
    ["a server that the estate does not have", whole("{ kind: rpo, server: web-9, seconds: 5 }"), /:4:26: The estate has no server "web-9"/],
    ["a plan that the estate does not have", whole("{ kind: portal, does: cleanup, plan: rp-9 }"), /:4:42: The estate has no recovery plan "rp-9"/],
    ["a status that is no failure", whole("{ kind: answer, status: 200, on: {} }"), /:4:29: /],
    ["a pattern that is none", whole('{ kind: reset, on: { path: "(" } }'), /:4:\d+: This is no regular expression/],
    ["a duration without a unit", whole("{ kind: reset, on: {}, after: soon }"), /:4:\d+: /],
    ["a script that is not there", whole("{ kind: script-says, server: web-01, script: ./none.sh }"), /:4:\d+: The script \.\/none\.sh cannot be read/],
    ["an estate that is not there", "name: mine\nteaches: x\nestate: atlantis\n", /:3:9: There is no estate "atlantis"/],
    ["a plan with a stranger", `name: mine\nteaches: x\nestate:\n  vaults: [{ name: v, resourceGroup: g, location: l, primaryLocation: l, recoveryLocation: l, recoveryResourceGroup: r, servers: [{ name: a, address: 10.0.0.1 }], plans: [{ name: p, groups: [[b]] }] }]\n  networks: [{ name: n, resourceGroup: g, location: l, prefix: 10.0.0.0/16 }]\n`, /:4:\d+: The vault has no server "b"/],
    ["what is no YAML", "name: [\n", /:\d+:\d+: /],
    ["an alias", "name: &a mine\nteaches: *a\n", /:\d+:\d+: Anchors/],
  ];
  for (const [what, text, said] of refused) {
    it(`are refused with file, line and column: ${what}`, () => {
      const file = written(text);
      assert.throws(() => readScenario(file), (error: { message: string; code: string }) => {
        assert.match(error.message, said);
        assert.ok(error.message.startsWith(`${file}:`), error.message);
        return error.code === "bad-input";
      });
    });
  }

  it("that are not there are told with those that are", () => {
    assert.throws(() => readScenario("earthquake"), (error: { suggestion?: string }) => /calm/.test(error.suggestion ?? ""));
    assert.throws(() => readScenario(join(folder, "none.yaml")), (error: { code?: string }) => error.code === "not-found");
  });
});
