import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { modeOf } from "../../../src/composition.ts";
import { openLocalKey } from "../../../src/evidence/keys.ts";
import { qualifiedProviders, storeQualification } from "../../../src/evidence/qualification.ts";
import type { Runbook } from "../../../src/runbooks/runbook.ts";

const result = { v: 1, provider: "A2A", azure: "real", qualified: true, at: "2026-11-21T06:00:00.000Z", steps: [] };

describe("a stored qualification", () => {
  let data: string;
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), "drillbook-qualification-"));
  });
  afterEach(() => rmSync(data, { recursive: true }));

  it("gives leave for its provider when this installation signed it, and its own run against the simulator gives none", async () => {
    const key = openLocalKey(data, { rehearsal: false });
    assert.deepEqual([...qualifiedProviders(data, key)], []);
    await storeQualification(data, { ...result, azure: "simulator" }, key);
    await storeQualification(data, { ...result, provider: "HyperVReplicaAzure", qualified: false }, key);
    assert.deepEqual([...qualifiedProviders(data, key)], []);
    await storeQualification(data, result, key);
    assert.deepEqual([...qualifiedProviders(data, key)], ["A2A"]);
  });

  it("gives none when somebody changed it, or another key signed it", async () => {
    const key = openLocalKey(data, { rehearsal: false });
    const file = await storeQualification(data, { ...result, qualified: false }, key);
    writeFileSync(file, readFileSync(file, "utf8").replace('"qualified": false', '"qualified": true'));
    assert.deepEqual([...qualifiedProviders(data, key)], []);
    await storeQualification(data, result, openLocalKey(data, { rehearsal: true }));
    assert.deepEqual([...qualifiedProviders(data, key)], []);
    writeFileSync(join(data, "qualifications", "A2A-real.json"), "{");
    assert.deepEqual([...qualifiedProviders(data, key)], []);
  });

  it("is what a live runbook needs against real Azure", () => {
    const live = { id: "failover", mode: "live" } as Runbook;
    assert.throws(() => modeOf(false)(live), (e: { code?: string; suggestion?: string }) => e.code === "not-now" && /drillbook qualify/.test(e.suggestion ?? ""));
    assert.equal(modeOf(false, () => new Set(["A2A"]))(live), "live");
    assert.equal(modeOf(true)(live), "rehearsal");
  });
});
