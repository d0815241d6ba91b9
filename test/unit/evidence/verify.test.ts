import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { openLocalKey, type SigningKey } from "../../../src/evidence/keys.ts";
import { sha256 } from "../../../src/evidence/hash.ts";
import { verifyBundle, verifyExitCode, type VerifyReport } from "../../../src/evidence/verify.ts";
import { inTemporaryFolder } from "../storage/sqlite/temporary.ts";
import { payrollBundle, smallBundle, smallDrill } from "./fixtures/bundles.ts";

describe("verify", () => {
  const folder = inTemporaryFolder();
  let key: SigningKey;
  let known: readonly string[];

  before(() => {
    key = openLocalKey(folder.path("data"), { rehearsal: true });
    known = [readFileSync(key.publicFile, "utf8")];
  });

  const verify = (bytes: Uint8Array, knownKeys = known): VerifyReport => verifyBundle(bytes, { knownKeys });

  it("finds an honest bundle intact and says what it holds", async () => {
    const report = verify(await payrollBundle(key));
    assert.deepEqual(report.problems, []);
    assert.equal(report.status, "intact");
    assert.equal(verifyExitCode(report), 0);
    const { runbook, head, bytes, ...facts } = report.facts!;
    assert.deepEqual(facts, {
      drill: "PAY-0042", mode: "rehearsal", purpose: "exercise", events: 31, state: "closed", result: "passed",
      erased: 0,
      startedAt: "2026-11-20T21:04:00.000Z", endedAt: "2026-11-20T21:50:00.000Z", signer: key.fingerprint,
      checkpoint: { origin: "drillbook/rehearsal/0123456789abcdef", size: 5, time: "2026-11-20T22:00:00.000Z", event: 31, signer: "local key" },
    });
    assert.equal(runbook.title, "Payroll test failover");
    assert.match(head, /^[0-9a-f]{64}$/);
    assert.ok(bytes > 10_000);
    assert.match(report.remarks.join(" "), /rehearsal/);
  });

  it("says that an open drill is incomplete", async () => {
    const report = verify(await payrollBundle(key, { until: "approval" }));
    assert.equal(report.status, "intact");
    assert.equal(report.facts?.state, "open");
    assert.equal(report.facts?.result, null);
    assert.match(report.remarks.join(" "), /still open.*incomplete/);
  });

  it("says that the clock went back", async () => {
    const events = smallDrill().map((event, i) => ({ ...event, at: `2026-11-20T11:00:0${3 - i}.000Z` }));
    assert.match(verify(await smallBundle(key, events)).remarks.join(" "), /clock went back at event 2/);
  });

  it("tells an unknown signer from a known one", async () => {
    const stranger = openLocalKey(folder.path("stranger"), { rehearsal: true });
    const bundle = await smallBundle(stranger);
    assert.equal(verify(bundle).status, "unknown-signer");
    assert.equal(verifyExitCode(verify(bundle)), 3);
    assert.equal(verify(bundle, []).status, "unknown-signer");
    assert.equal(verify(bundle, [...known, stranger.publicPem]).status, "intact");
    assert.throws(() => verify(bundle, ["-----BEGIN NONSENSE-----"]), { code: "bad-input" });
  });

  it("does not let a rehearsal key vouch for a real drill", async () => {
    const real = smallDrill().map((e) => (e.type === "drill.launched" ? { ...e, mode: "test" as const } : e));
    // A key holder who lies about the kind of the key, to get past the writer.
    const bundle = await smallBundle({ ...key, rehearsal: false }, real);
    const report = verify(bundle);
    assert.equal(report.status, "broken");
    assert.match(report.problems[0]?.why ?? "", /rehearsal key/);
  });

  describe("of a small bundle", () => {
    it("refuses every single flipped bit", async () => {
      const honest = Buffer.from(await smallBundle(key));
      const survivors: number[] = [];
      for (let bit = 0; bit < honest.length * 8; bit += 1) {
        const forged = Buffer.from(honest);
        forged[bit >> 3]! ^= 1 << (bit & 7);
        if (verifyExitCode(verify(forged)) !== 1) survivors.push(bit);
      }
      assert.deepEqual(survivors, []);
    });

    it("refuses every truncation and every cut at the front", async () => {
      const honest = Buffer.from(await smallBundle(key));
      for (let length = 0; length < honest.length; length += 1) {
        assert.equal(verify(honest.subarray(0, length)).status, "broken", `the first ${length} bytes`);
      }
      for (let start = 1; start < honest.length; start += 7) assert.equal(verify(honest.subarray(start)).status, "broken");
    });

    it("refuses bytes before, after and in between", async () => {
      const honest = Buffer.from(await smallBundle(key));
      for (const after of [Buffer.of(0), honest]) assert.equal(verify(Buffer.concat([honest, after])).status, "broken");
      for (let at = 0; at <= honest.length; at += 11) {
        const forged = Buffer.concat([honest.subarray(0, at), Buffer.of(at & 0xff), honest.subarray(at)]);
        assert.equal(verify(forged).status, "broken", `a byte put in at ${at}`);
      }
    });
  });

  describe("of a larger bundle", () => {
    it("refuses sampled flips, deletions, insertions and swaps", async () => {
      const honest = Buffer.from(await payrollBundle(key));
      const random = sequence("a larger bundle");
      const refused = (forged: Buffer, what: string) => {
        if (!forged.equals(honest)) assert.equal(verify(forged).status, "broken", what);
      };
      for (let i = 0; i < 300; i += 1) {
        const at = random(honest.length);
        const flipped = Buffer.from(honest);
        flipped[at]! ^= 1 << random(8);
        refused(flipped, `a flip at ${at}`);
        const width = 1 + random(200);
        refused(Buffer.concat([honest.subarray(0, at), honest.subarray(at + width)]), `${width} bytes out at ${at}`);
        refused(Buffer.concat([honest.subarray(0, at), honest.subarray(0, width), honest.subarray(at)]), `${width} bytes in at ${at}`);
        const other = random(honest.length - width);
        const swapped = Buffer.from(honest);
        honest.copy(swapped, other, at, Math.min(at + width, honest.length));
        honest.copy(swapped, Math.min(at, honest.length - width), other, other + width);
        refused(swapped, `a swap of ${at} and ${other}`);
      }
    });

    it("names the event that was changed", async () => {
      const honest = Buffer.from(await payrollBundle(key));
      const at = honest.indexOf("Changed the health check of VIP");
      const forged = Buffer.from(honest);
      forged.write("Charged", at);
      const report = verify(forged);
      assert.equal(report.status, "broken");
      assert.equal(report.problems[0]?.where, "events.jsonl, event 19");
      const badJson = Buffer.from(honest);
      badJson[at - 8] = 0x20;
      assert.equal(verify(badJson).problems[0]?.where, "events.jsonl, event 19");
    });
  });

  it("calls no checkpoint missing that is there, whatever else is broken", async () => {
    const honest = Buffer.from(await payrollBundle(key));
    const changedAt = (text: string): Buffer => {
      const forged = Buffer.from(honest);
      const at = forged.indexOf(text);
      assert.ok(at > 0, text);
      forged[at] = forged[at]! ^ 1;
      return forged;
    };
    // In an event, in a file that is only hashed, in what the checkpoint says.
    for (const text of ["Changed the health check of VIP", "<!doctype html>", "drillbook/rehearsal/0123456789abcdef"]) {
      const { status, remarks, facts } = verify(changedAt(text));
      assert.equal(status, "broken", text);
      assert.equal(remarks.some((remark) => /No signed checkpoint/.test(remark)), false, text);
      if (facts !== null) assert.match(remarks.join(" "), /A checkpoint lies in this bundle, but what is broken/, text);
    }
  });

  it("survives whatever it is given", () => {
    const random = sequence("hostile");
    for (let i = 0; i < 300; i += 1) {
      const bytes = Buffer.from(Array.from({ length: random(400) }, () => random(256)));
      if (i % 2 === 0) Buffer.from("504b0304", "hex").copy(bytes);
      assert.equal(verify(bytes).status, "broken");
    }
    assert.equal(verify(new Uint8Array(0)).status, "broken");
  });
});

/** A sequence of numbers that is the same in every run. */
function sequence(seed: string): (below: number) => number {
  let state = seed;
  return (below) => {
    state = sha256(state);
    return Number.parseInt(state.slice(0, 12), 16) % below;
  };
}
