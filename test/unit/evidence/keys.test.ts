import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { chmodSync, copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { openLocalKey } from "../../../src/evidence/keys.ts";
import { inTemporaryFolder } from "../storage/sqlite/temporary.ts";

describe("local key", () => {
  const folder = inTemporaryFolder();
  const open = (rehearsal = false, name = "data") => openLocalKey(folder.path(name), { rehearsal });

  it("is made once, readable by its owner alone, and signs what openssl verifies", async () => {
    const key = open();
    assert.equal(key.kind, "local key");
    assert.equal(statSync(folder.path("data/evidence-key.pem")).mode & 0o777, 0o600);
    assert.equal(open().fingerprint, key.fingerprint);
    const text = Buffer.from("manifest");
    assert.ok(verify("sha256", text, createPublicKey(readFileSync(key.publicFile)), await key.sign(text)));
  });

  it("signs in the smaller of the two forms, every time", async () => {
    const key = open();
    const half = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n;
    for (let i = 0; i < 50; i += 1) {
      const der = Buffer.from(await key.sign(Buffer.of(i)));
      assert.equal(der[1], der.length - 2);
      const sAt = 4 + der[3]!;
      assert.ok(BigInt(`0x${der.subarray(sAt + 2).toString("hex")}`) <= half);
      assert.ok(verify("sha256", Buffer.of(i), createPublicKey(key.publicPem), der));
    }
  });

  it("of rehearsals is another one, and says so", () => {
    const rehearsal = open(true);
    assert.notEqual(rehearsal.fingerprint, open().fingerprint);
    assert.match(readFileSync(rehearsal.publicFile, "utf8"), /^Drillbook rehearsal key/);
    assert.ok(readFileSync(rehearsal.publicFile, "utf8").endsWith(rehearsal.publicPem));
    assert.match(readFileSync(folder.path("data/drillbook.pub"), "utf8"), /^Drillbook local key\n/);
  });

  it("gets its public file back", () => {
    const before = open();
    rmSync(before.publicFile);
    assert.equal(open().fingerprint, before.fingerprint);
    assert.ok(readFileSync(before.publicFile, "utf8").endsWith(before.publicPem));
  });

  it("is refused when others may read it", function () {
    if (process.platform === "win32") this.skip();
    open(false, "open");
    chmodSync(folder.path("open/evidence-key.pem"), 0o640);
    assert.throws(() => open(false, "open"), { code: "bad-setting", suggestion: /chmod 600/ });
  });

  it("is refused when the two files are no pair, or one is no key", () => {
    open(false, "mixed");
    open(true, "mixed");
    copyFileSync(folder.path("mixed/rehearsal.pub"), folder.path("mixed/drillbook.pub"));
    assert.throws(() => open(false, "mixed"), { code: "bad-setting" });
    writeFileSync(folder.path("mixed/rehearsal-key.pem"), "-----BEGIN PRIVATE KEY-----\nsecret\n");
    assert.throws(() => open(true, "mixed"), (error: unknown) => {
      const { code, message, cause } = error as { code: string; message: string; cause: unknown };
      assert.equal(code, "bad-setting");
      assert.ok(!message.includes("secret") && cause === undefined);
      return true;
    });
  });
});
