import assert from "node:assert/strict";
import { apologyFor } from "../../../src/bot/apology.ts";
import { asDrillbookError, DrillbookError } from "../../../src/errors.ts";
import { keptLog } from "../../integration/bot/kept-log.ts";

describe("what a person is told of an error", () => {
  const reference = () => "r1";

  it("is our own words", () => {
    const { log, written } = keptLog();
    assert.equal(apologyFor(new DrillbookError("not-now", "Too early.", "Wait."), log, reference), "Too early. Wait.");
    assert.deepEqual(written, []);
  });

  for (const [name, thrown] of [
    ["a foreign error", new Error("AccountKey=secret")],
    ["a foreign error in our class", asDrillbookError(new Error("AccountKey=secret"))],
    ["something that is no error", "AccountKey=secret"],
    ["nothing", undefined],
  ] as const) {
    it(`is only a reference for ${name}, which the log has too`, () => {
      const { log, written } = keptLog();
      assert.equal(apologyFor(thrown, log, reference), "Something went wrong here; nothing was changed. Reference r1");
      assert.deepEqual(written.map(({ level, reference: kept }) => [level, kept]), [["error", "r1"]]);
      assert.doesNotMatch(JSON.stringify(written), /AccountKey=secret/u);
    });
  }
});
