import assert from "node:assert/strict";
import { grouped } from "../../../../src/storage/postgres/grouped.ts";

describe("writes that go to the database together", () => {
  let said: string[];
  let ready: PromiseWithResolvers<void>;

  beforeEach(() => {
    said = [];
    ready = Promise.withResolvers();
  });

  const writer = (broken: (one: string) => boolean = () => false) =>
    grouped<string, string>({
      together: async (ones) => {
        said.push(ones.join(" "));
        await ready.promise;
        if (ones.some(broken)) throw new Error("one of them is broken");
        return ones.map((one) => `${one} stored`);
      },
      alone: async (one, again) => {
        said.push(again ? `${one} again` : one);
        await ready.promise;
        if (broken(one)) throw new Error(`${one} is broken`);
        return `${one} stored`;
      },
      key: (one) => one[0]!,
      atOnce: 2,
    });

  it("takes what comes in one turn as one group, and what comes alone by itself", async () => {
    const write = writer();
    ready.resolve();
    assert.equal(await write("a1"), "a1 stored");
    assert.deepEqual(await Promise.all(["b1", "c1", "d1"].map(write)), ["b1 stored", "c1 stored", "d1 stored"]);
    assert.deepEqual(said, ["a1", "b1 c1 d1"]);
  });

  it("has two groups under way, and makes one of all that comes meanwhile", async () => {
    const write = writer();
    const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));
    const all = [write("a1")];
    await turn();
    all.push(write("b1"));
    await turn();
    all.push(write("c1"), write("d1"));
    await turn();
    all.push(write("e1"));
    await turn();
    assert.deepEqual(said, ["a1", "b1"]);
    ready.resolve();
    await Promise.all(all);
    assert.deepEqual(said, ["a1", "b1", "c1 d1 e1"]);
  });

  it("never has two with one key under way, and keeps their order", async () => {
    const write = writer();
    const all = ["a1", "b1", "a2", "a3"].map(write);
    ready.resolve();
    await Promise.all(all);
    assert.deepEqual(said, ["a1 b1", "a2", "a3"]);
  });

  it("tries each by itself when the group fails, so that one alone is refused", async () => {
    const write = writer((one) => one === "b1");
    ready.resolve();
    const outcomes = await Promise.allSettled(["a1", "b1", "c1"].map(write));
    assert.deepEqual(outcomes.map((o) => (o.status === "fulfilled" ? o.value : String(o.reason))), ["a1 stored", "Error: b1 is broken", "c1 stored"]);
    assert.deepEqual(said, ["a1 b1 c1", "a1 again", "b1 again", "c1 again"]);
    assert.equal(await write("b2"), "b2 stored");
  });
});
