import assert from "node:assert/strict";
import { DrillbookError } from "../../../../src/errors.ts";
import { signerHealth } from "../../../../src/evidence/log/signer-health.ts";
import type { CheckpointSigner } from "../../../../src/evidence/log/signer.ts";

describe("the signer's health", () => {
  it("is told to people from the first failure until a checkpoint is signed again, and the fault goes on to the log", async () => {
    let fails: Error | null = new DrillbookError("bad-setting", "The signing key cannot be read.", "Ask the vault.");
    const inner: CheckpointSigner = { last: () => null, putAside: () => undefined, sign: async () => { if (fails !== null) throw fails; return "note"; } };
    let minute = 0;
    let told = 0;
    const health = signerHealth(() => new Date(Date.UTC(2026, 10, 21, 9, (minute += 1))), () => (told += 1));
    const signer = health.watched(inner);
    const facts = {} as Parameters<CheckpointSigner["sign"]>[0];
    assert.equal(health.fault(), null);
    await assert.rejects(signer.sign(facts, []), { code: "bad-setting" });
    await assert.rejects(signer.sign(facts, []));
    assert.match(health.fault() ?? "", /not been signed since 09:01 UTC\. The signing key cannot be read\. Ask the vault\./);
    fails = new Error("connect ECONNREFUSED to a host with a name");
    await assert.rejects(signer.sign(facts, []));
    assert.doesNotMatch(health.fault() ?? "", /ECONNREFUSED/);
    assert.equal(told, 1, "once, when it begins");
    fails = null;
    await signer.sign(facts, []);
    assert.equal(told, 2);
    assert.equal(health.fault(), null);
  });
});
