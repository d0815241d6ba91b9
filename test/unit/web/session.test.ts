import assert from "node:assert/strict";
import { createSessions } from "../../../src/web/console/session.ts";

const key = Buffer.alloc(32, 7);
const day = 24 * 60 * 60 * 1000;

describe("a console session", () => {
  const at = (time: number, port = 3978, withKey = key) => createSessions({ key: withKey, port, now: () => new Date(time) });
  const issued = at(0).issue().split(";")[0] ?? "";

  it("is valid for seven days, in any process with the same key", () => {
    assert.equal(at(0).isValid(issued), true);
    assert.equal(at(7 * day - 1).isValid(`a=b; ${issued}; c=d`), true);
    assert.equal(at(7 * day).isValid(issued), false);
  });

  it("is not valid with another key, on another port or changed anywhere", () => {
    assert.equal(at(0, 3978, Buffer.alloc(32, 8)).isValid(issued), false);
    assert.equal(at(0, 3979).isValid(issued), false);
    const [name, value = ""] = issued.split("=");
    assert.equal(at(0, 3979).isValid(`drillbook-3979=${value}`), false);
    for (let place = 0; place < value.length; place += 1) {
      const letter = value[place] === "A" ? "B" : "A";
      const changed = `${name}=${value.slice(0, place)}${letter}${value.slice(place + 1)}`;
      // The last letter of a base64url signature carries two bits that decode to nothing.
      if (place < value.length - 1) assert.equal(at(0).isValid(changed), false, changed);
    }
  });

  it("is not made of anything else", () => {
    for (const header of [undefined, "", "drillbook-3978", "drillbook-3978=", "drillbook-3978=..", "drillbook-3978=9e99.x.", ["drillbook-3978=a.b.c"]]) {
      assert.equal(at(0).isValid(header), false, String(header));
    }
  });

  it("needs a real key", () => {
    assert.throws(() => createSessions({ key: Buffer.alloc(16), port: 1, now: () => new Date() }), RangeError);
  });
});
