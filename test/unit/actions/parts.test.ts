import assert from "node:assert/strict";
import { asrTestFailover } from "../../../src/actions/asr-test-failover.ts";
import { lookAgainMs } from "../../../src/actions/parts.ts";
import { fakeVault, job, look, networkId, now, planId } from "./fake-vault.ts";

describe("how often a job is looked at", () => {
  it("is what the service asks for, never oftener than we would and at most half as often", () => {
    assert.deepEqual([undefined, 1_000, 15_000, 20_000, 30_000, 3_600_000].map((asked) => lookAgainMs(15_000, asked)), [15_000, 15_000, 15_000, 20_000, 30_000, 30_000]);
  });

  it("comes from the answer that showed the job", async () => {
    const { reader, writer } = fakeVault({ jobs: [job({ askAgainAfterMs: 30_000 })] });
    const { nextLookMs } = await asrTestFailover({ reader, writer, clock: () => now }).follow(job().id, { plan: planId, network: networkId }, look);
    assert.equal(nextLookMs, 30_000);
  });
});
