import assert from "node:assert/strict";
import { parseMisfortune } from "../../../src/simulator/control.ts";
import { countDown, dueForRequest, dueInWorld, pendingMisfortune } from "../../../src/simulator/misfortunes.ts";
import type { Misfortune } from "../../../src/simulator/misfortunes.ts";
import { estateNamed, scenarioNamed } from "../../../src/simulator/serve.ts";
import { scenarios } from "../../../src/simulator/scenarios.ts";

function happening(...misfortunes: readonly Misfortune[]) {
  const pending = misfortunes.map(pendingMisfortune);
  const use = (index: number) => {
    const one = pending[index];
    if (one !== undefined) countDown(one);
  };
  return { request: (method: string, path: string) => dueForRequest(pending, method, path, use)?.kind ?? null, failing: () => dueInWorld(pending, "server-fails", () => true, use).map((one) => one.server) };
}

describe("misfortunes", () => {
  it("strike the requests they match, as often as they say", () => {
    const { request } = happening({ kind: "reset", on: { method: "POST", path: "/testfailover$" }, times: 2 });
    assert.deepEqual([request("GET", "/p/testFailover"), request("POST", "/p/testFailoverCleanup")], [null, null]);
    assert.deepEqual([1, 2, 3].map(() => request("POST", "/p/testFailover")), ["reset", "reset", null]);
  });

  it("let the first ones pass when told so, and never end when told so", () => {
    const { request } = happening({ kind: "hang", on: {}, times: null, skip: 1 });
    assert.deepEqual([1, 2, 3].map(() => request("GET", "/")), [null, "hang", "hang"]);
  });

  it("come one after another", () => {
    const { request } = happening({ kind: "reset", on: {}, times: 1 }, { kind: "hang", on: {}, times: 1 });
    assert.deepEqual([1, 2, 3].map(() => request("GET", "/")), ["reset", "hang", null]);
  });

  it("in the world are counted likewise", () => {
    const error = { code: "1", message: "", possibleCauses: "", recommendedAction: "" };
    const { failing } = happening({ kind: "server-fails", server: "a", error, jobEnds: "Failed", times: 1 }, { kind: "server-fails", server: "b", error, jobEnds: "Failed", times: 2 });
    assert.deepEqual([failing(), failing(), failing()], [["a", "b"], ["b"], []]);
  });

  it("from outside are checked", () => {
    assert.deepEqual(parseMisfortune('{"kind":"reset","on":{"method":"POST"}}'), { kind: "reset", on: { method: "POST" }, times: 1 });
    for (const bad of ["", "{", "{}", '{"kind":"reset"}', '{"kind":"answer","status":200,"on":{}}', '{"kind":"reset","on":{},"more":1}', '{"kind":"reset","on":{"path":"("}}']) assert.ok("problem" in parseMisfortune(bad), bad);
  });

  it("ship in scenarios that pass the same check and name real servers", () => {
    const servers = estateNamed("payroll").vaults.flatMap((vault) => vault.servers.map((server) => server.name));
    for (const { name, teaches, misfortunes } of scenarios) {
      assert.equal(scenarioNamed(name).teaches, teaches);
      for (const misfortune of misfortunes) {
        assert.deepEqual(parseMisfortune(JSON.stringify(misfortune)), misfortune, name);
        assert.ok(!("server" in misfortune) || servers.includes(misfortune.server), name);
      }
    }
    assert.throws(() => scenarioNamed("earthquake"), (error: { suggestion?: string }) => /calm/.test(error.suggestion ?? ""));
    assert.throws(() => estateNamed("toString"), (error: { code?: string }) => error.code === "bad-input");
  });
});
