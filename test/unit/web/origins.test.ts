import assert from "node:assert/strict";
import { isOwnHost, isOwnOrigin } from "../../../src/web/origins.ts";

describe("our own names", () => {
  it("are the three of the loopback interface, with our port", () => {
    for (const host of ["127.0.0.1:3978", "localhost:3978", "[::1]:3978", "LOCALHOST:3978"]) assert.equal(isOwnHost(host, 3978), true, host);
    for (const host of [undefined, "", "127.0.0.1", "127.0.0.1:80", "127.0.0.2:3978", "127.1:3978", "::1:3978", "evil.example:3978", "localhost.:3978", ["localhost:3978"]]) {
      assert.equal(isOwnHost(host, 3978), false, String(host));
    }
    assert.equal(isOwnHost("localhost", 80), true);
  });

  it("make an origin only together with the same host and http", () => {
    assert.equal(isOwnOrigin("http://localhost:3978", "localhost:3978", 3978), true);
    for (const origin of [undefined, "", "null", "https://localhost:3978", "http://127.0.0.1:3978", "http://localhost:3979", "http://localhost:3978/", "http://localhost:3978.evil.example"]) {
      assert.equal(isOwnOrigin(origin, "localhost:3978", 3978), false, String(origin));
    }
    assert.equal(isOwnOrigin("http://evil.example:3978", "evil.example:3978", 3978), false, "a name that somebody points here");
  });
});
