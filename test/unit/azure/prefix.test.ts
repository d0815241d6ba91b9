import assert from "node:assert/strict";
import { addressIn } from "../../../src/azure/prefix.ts";

describe("addresses in prefixes", () => {
  for (const [address, prefix, inside] of [
    ["10.50.0.10", "10.50.0.0/16", true],
    ["10.51.0.10", "10.50.0.0/16", false],
    ["10.50.0.10", "10.50.0.10/32", true],
    ["fd12::5", "fd12::/64", true],
    ["fd13::5", "fd12::/64", false],
    ["10.50.0.10", "fd12::/64", false],
    ["10.50.0.10", "10.50.0.0/99", false],
    ["10.50.0.10", "10.50.0.0", false],
    ["payroll", "10.50.0.0/16", false],
  ] as const) {
    it(`${address} is ${inside ? "" : "not "}in ${prefix}`, () => assert.equal(addressIn(address, prefix), inside));
  }
});
