import assert from "node:assert/strict";
import fc from "fast-check";
import { unverifiedClaims } from "../../../../src/bot/door/token.ts";

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("the claims of a token that nobody has verified", () => {
  it("are read from a header of the right form", () => {
    assert.deepEqual(unverifiedClaims(`Bearer ${part({ alg: "none" })}.${part({ iss: "x" })}.s`), { iss: "x" });
  });

  it("are null for every other form", () => {
    const body = part({ iss: "x" });
    for (const header of [
      null, "", "Bearer", `bearer a.${body}.s`, `Bearer  a.${body}.s`, `Bearer a.${body}.s `, `Bearer a.${body}`, `Bearer a.${body}.s.t`,
      `Bearer a.${part([1])}.s`, `Bearer a.${part(null)}.s`, `Bearer a.${part("x")}.s`, `Bearer a.!!.s`, `Bearer a.${body}.`, `Bearer a.${"x".repeat(9000)}.s`,
    ]) {
      assert.equal(unverifiedClaims(header), null, String(header));
    }
  });

  it("never throw", () => {
    fc.assert(fc.property(fc.string(), (text) => assert.doesNotThrow(() => unverifiedClaims(`Bearer a.${text}.b`))));
  });
});
