import assert from "node:assert/strict";
import { signedCookie } from "../../../src/web/auditor/signed-cookie.ts";

const key = Buffer.alloc(32, 7);
let now = new Date("2026-11-20T21:00:00Z");
const cookie = (name: string, secure = false, signedBy = key) => signedCookie({ name, key: signedBy, secure, lastsMs: 60_000, clock: () => now });
const sent = (issued: string): string => issued.split(";")[0] ?? "";

describe("a signed cookie", () => {
  beforeEach(() => (now = new Date("2026-11-20T21:00:00Z")));

  it("gives back what was kept, among others, until it runs out", () => {
    const kept = sent(cookie("session").issue({ id: "ravi" }));
    assert.deepEqual(cookie("session").read(`other=1; ${kept}; more=2`), { id: "ravi" });
    now = new Date(now.getTime() + 60_000);
    assert.equal(cookie("session").read(kept), null);
  });

  it("is nothing under another name, by another key, or changed", () => {
    const kept = sent(cookie("flow").issue({ id: "ravi" }));
    assert.equal(cookie("session").read(kept.replace("flow=", "session=")), null);
    assert.equal(cookie("flow", false, Buffer.alloc(32, 8)).read(kept), null);
    const [body = "", signature = ""] = kept.slice("flow=".length).split(".");
    const other = Buffer.from(Buffer.from(body, "base64url").toString().replace("ravi", "eve")).toString("base64url");
    for (const changed of ["", ".", `${body}.`, `.${signature}`, `${other}.${signature}`, `${body}.${signature.slice(0, -4)}`]) assert.equal(cookie("flow").read(`flow=${changed}`), null, changed);
    for (const header of [undefined, ["flow=a", "flow=b"], "flow"]) assert.equal(cookie("flow").read(header), null);
  });

  it("is the host's own over https, and out of reach of scripts", () => {
    assert.match(cookie("session", true).issue({}), /^__Host-session=[^;]+; HttpOnly; SameSite=Lax; Path=\/; Secure; Max-Age=60$/);
    assert.match(cookie("session").clear(), /^session=; HttpOnly; SameSite=Lax; Path=\/; Max-Age=0$/);
  });
});
