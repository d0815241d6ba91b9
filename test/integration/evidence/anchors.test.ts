import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createPublicKey, verify } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdirSync, writeFileSync } from "node:fs";
import { azureClockOffset } from "../../../src/azure/azure-clock.ts";
import { openVaultKey } from "../../../src/azure/key-vault-signer.ts";
import { askAuthority } from "../../../src/evidence-keeping.ts";
import { anchorsIn } from "../../../src/evidence/anchors/anchors.ts";
import { timeStamp } from "../../../src/evidence/anchors/time-stamp.ts";
import { exportBundle } from "../../../src/evidence/export.ts";
import { remoteKey } from "../../../src/evidence/keys.ts";
import { startSequencer } from "../../../src/evidence/log/sequencer.ts";
import { checkpointSigner } from "../../../src/evidence/log/signer.ts";
import { verifyBundle } from "../../../src/evidence/verify.ts";
import { openSqliteStore } from "../../../src/storage/sqlite/open.ts";
import { filesIn } from "../../unit/evidence/fixtures/files-in.ts";
import { payrollDrill } from "../../unit/evidence/fixtures/payroll-drill.ts";
import { inTemporaryFolder } from "../../unit/storage/sqlite/temporary.ts";
import { fakeKeyVault, type FakeKeyVault } from "./fake-key-vault.ts";
import { timeStampAuthority } from "./time-stamp-authority.ts";

const credential = { getToken: async () => ({ token: "vault-token", expiresOnTimestamp: Date.now() + 3_600_000 }) };
const overHttp = { allowInsecureConnection: true, disableChallengeResourceVerification: true, retryOptions: { maxRetries: 0 } };
const clock = () => new Date("2026-11-21T09:00:00.000Z");

describe("what stands behind the evidence", () => {
  const folder = inTemporaryFolder();
  let vault: FakeKeyVault;

  before(async () => void (vault = await fakeKeyVault()));
  after(() => vault.close());
  afterEach(() => vault.refuse(null));

  it("is signed in Key Vault, anchored by a time stamp, and held against Azure's clock, in one bundle", async () => {
    const key = remoteKey(folder.path("data"), await openVaultKey(vault.identifier, credential, overHttp));
    const authority = await timeStampAuthority(folder.path("."));
    const anchors = anchorsIn(folder.path("anchors"), [{ file: "anchor.tsr", keep: (note) => timeStamp(note, (request) => askAuthority(authority.url, request), Buffer.from("80ff00112233445a", "hex")) }]);
    const store = openSqliteStore(folder.path("drillbook.db"), { clock });
    try {
      const { events, blobs } = payrollDrill({ mode: "test" });
      await store.append({ drill: "PAY-0042", expectedSeq: 0, events, wakeAt: null, blobs: [...blobs.values()] });
      const faults: unknown[] = [];
      const sequencer = await startSequencer({
        store: store.log, signer: (name) => checkpointSigner(folder.path("data"), name, () => key), clock, after: () => () => undefined, onFault: (fault) => faults.push(fault),
        clockMs: async () => -61_000, anchor: (note, log) => anchors.keep(note, log),
      });
      await sequencer.pass({ sign: true });
      await sequencer.stop();
      assert.deepEqual(faults, []);
      const bundle = await exportBundle(store, "PAY-0042", () => key, { anchors });
      const report = verifyBundle(bundle, { knownKeys: [key.publicPem] });
      assert.equal(report.status, "intact");
      assert.equal(report.facts?.checkpoint?.signer, "Azure Key Vault");
      assert.equal(report.remarks.some((r) => /local key/.test(r)), false);
      assert.match(report.remarks.join(" "), /61000 ms ahead of Azure's/);
      const files = filesIn(bundle);
      assert.match(Buffer.from(files.get("README.txt")!).toString(), /lies in Azure Key Vault/);
      assert.match(Buffer.from(files.get("report.html")!).toString(), /its checkpoint is anchored outside/);
      assert.match(Buffer.from(files.get("checkpoint.txt")!).toString(), /\nsigner Azure Key Vault\nclock -61000\n/);
      // openssl alone, as the format page says.
      for (const name of ["checkpoint.txt", "anchor.tsr"]) writeFileSync(folder.path(name), files.get(name)!);
      const said = execFileSync("openssl", ["ts", "-verify", "-data", folder.path("checkpoint.txt"), "-in", folder.path("anchor.tsr"), "-CAfile", authority.certificate], { encoding: "utf8", stdio: "pipe" });
      assert.match(said, /Verification: OK/);
    } finally {
      store.close();
      await authority.close();
    }
  });

  it("refuses a time stamp of something else, and a refusal", async () => {
    for (const answer of [(reply: Buffer) => Buffer.concat([reply.subarray(0, 40), Buffer.alloc(reply.length - 40)]), () => Buffer.from("3005300302010 2".replace(" ", ""), "hex"), () => Buffer.alloc(0)]) {
      const authority = await timeStampAuthority(folder.path("."), answer);
      await assert.rejects(timeStamp(Buffer.from("note"), (request) => askAuthority(authority.url, request), Buffer.alloc(8, 1)), { code: "bad-input" });
      await authority.close();
    }
  });

  it("tells a key that cannot be read or is of another curve, and signs nothing when the vault refuses", async () => {
    const other = await fakeKeyVault("P-384");
    await assert.rejects(openVaultKey(other.identifier, credential, overHttp), { code: "bad-setting", message: /no P-256 key/ });
    await other.close();
    const key = remoteKey(folder.path("data"), await openVaultKey(vault.identifier, credential, overHttp));
    vault.refuse(403);
    await assert.rejects(openVaultKey(vault.identifier, credential, overHttp), { code: "bad-setting", message: /cannot be read/ });
    await assert.rejects(key.sign(Buffer.from("x")));
    vault.refuse(null);
    const der = await key.sign(Buffer.from("x"));
    assert.equal(verify("sha256", Buffer.from("x"), createPublicKey(key.publicPem), der), true);
    assert.ok(vault.signed > 0);
  });

  it("keeps signing when an anchor is away, and says so to the operator", async () => {
    const key = remoteKey(folder.path("data"), await openVaultKey(vault.identifier, credential, overHttp));
    const store = openSqliteStore(folder.path("other.db"), { clock });
    const { events, blobs } = payrollDrill({ mode: "test" });
    await store.append({ drill: "PAY-0042", expectedSeq: 0, events, wakeAt: null, blobs: [...blobs.values()] });
    mkdirSync(folder.path("second"));
    const faults: unknown[] = [];
    const sequencer = await startSequencer({
      store: store.log, signer: (name) => checkpointSigner(folder.path("second"), name, () => key), clock, after: () => () => undefined, onFault: (fault) => faults.push(fault),
      anchor: async () => { throw new Error("the authority is away"); }, clockMs: async () => null,
    });
    await sequencer.pass({ sign: true });
    await sequencer.stop();
    assert.deepEqual(faults.map(String), ["Error: the authority is away"]);
    assert.doesNotMatch((await store.log.lastCheckpoint("drills"))?.note ?? "clock", /clock/);
    store.close();
  });

  it("reads Azure's clock from the Date of any answer, and knows none when there is no answer", async () => {
    const server = createServer((_, response) => {
      response.setHeader("date", "Sat, 21 Nov 2026 09:00:10 GMT");
      response.writeHead(401).end();
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    assert.equal(await azureClockOffset(url, clock), 10_500);
    await new Promise<void>((resolve) => void server.close(() => resolve()));
    assert.equal(await azureClockOffset(url, clock), null);
  });
});
