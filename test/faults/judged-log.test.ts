import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openLocalKey } from "../../src/evidence/keys.ts";
import { checkpointText, originOf, signedNote } from "../../src/evidence/log/checkpoint.ts";
import { checkpointFile } from "../../src/evidence/log/signer.ts";
import { openSqliteStore, type SqliteStore } from "../../src/storage/sqlite/open.ts";
import { launched, noted } from "../unit/storage/events.ts";
import { inTemporaryFolder } from "../unit/storage/sqlite/temporary.ts";
import { beforeFolder, judgeLog, sequencing } from "./drills/log.ts";

const name = "rehearsal";

describe("the judge of the log looks at every checkpoint that was ever signed", () => {
  const folder = inTemporaryFolder();
  const clock = (): Date => new Date("2026-11-20T21:00:00.000Z");
  let data = "";
  let count = 0;
  let store: SqliteStore;

  /** As a process that lives until it has signed what it found. */
  const signedOnce = async (): Promise<void> => {
    const log = await sequencing(store, data, { clock, after: () => () => undefined, onFault: (fault) => assert.fail(String(fault)), meet: () => undefined });
    await log.stop();
  };
  const judged = async (): Promise<void> => {
    const heads = new Map<string, readonly string[]>();
    for (const { id } of await store.list()) heads.set(id, (await store.read(id)).map((s) => s.head));
    await judgeLog(store, data, heads, 0);
  };
  /** The same key says something else about an earlier size. */
  const forged = async (size: number, root: string): Promise<string> => {
    const key = openLocalKey(data, { rehearsal: false });
    const identity = await store.log.identity(name);
    return signedNote(checkpointText({ log: name, identity, size, root, at: clock() }, key), originOf(name, identity), key);
  };
  const keepBefore = (note: string): void => writeFileSync(join(beforeFolder(data, name), "forged"), note);

  beforeEach(async () => {
    data = folder.path(`data-${(count += 1)}`);
    mkdirSync(data);
    store = openSqliteStore(join(data, "drills.db"), { clock });
    for (let n = 1; n <= 5; n += 1) {
      await store.append({ drill: "R-1", expectedSeq: n - 1, events: [n === 1 ? launched("R-1") : noted("R-1", n)], wakeAt: null });
      await signedOnce();
    }
  });
  afterEach(() => store.close());

  it("and keeps each that another replaced", async () => {
    const sizes = readdirSync(beforeFolder(data, name)).map((file) => readFileSync(join(beforeFolder(data, name), file), "utf8").split("\n")[1]);
    assert.deepEqual(sizes.toSorted(), ["1", "2", "3", "4"]);
    await judged();
  });

  for (const size of [1, 2, 3, 5]) {
    it(`finds one of ${size} entries that the last one does not go on from`, async () => {
      keepBefore(await forged(size, "ab".repeat(32)));
      await assert.rejects(judged(), /does not go on from its checkpoint/);
    });
  }

  it("finds one of more entries than there are", async () => {
    keepBefore(await forged(6, "ab".repeat(32)));
    await assert.rejects(judged(), /does not go on from its checkpoint/);
  });

  it("finds one that was changed after it was signed", async () => {
    const last = readFileSync(checkpointFile(data, name), "utf8");
    keepBefore(last.replace("\n5\n", "\n4\n"));
    await assert.rejects(judged(), /an earlier checkpoint has a signature that does not fit/);
  });
});
