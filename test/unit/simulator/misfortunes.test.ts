import assert from "node:assert/strict";
import { parseMisfortune } from "../../../src/simulator/control.ts";
import { countDown, dueForRequest, dueInWorld, pendingMisfortune } from "../../../src/simulator/misfortunes.ts";
import type { Misfortune } from "../../../src/simulator/misfortunes.ts";

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

  it("wait for their time, their stage and their chance", () => {
    const fate = { open: ({ after }: { after?: number }) => (after ?? 0) <= 60_000, strikes: (_: number, occasion: number, chance: number) => chance === 1 || occasion === 2 };
    const pending = [{ kind: "reset", on: {}, times: 1, after: 60_001 } as const, { kind: "hang", on: {}, times: 1, chance: 0.5 } as const].map(pendingMisfortune);
    const request = () =>
      dueForRequest(pending, "GET", "/", (index, missed) => {
        const one = pending[index];
        if (one !== undefined) countDown(one, missed);
      }, fate)?.kind ?? null;
    assert.deepEqual([1, 2, 3, 4].map(request), [null, null, "hang", null]);
  });
});
