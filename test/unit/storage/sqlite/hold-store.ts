/** A process that runs a store until it is killed; used by the tests of the runner lock. */
import { openSqliteStore } from "../../../../src/storage/sqlite/open.ts";
import { launched } from "../events.ts";

const file = process.argv[2];
if (file === undefined) throw new Error("name the store");
const store = openSqliteStore(file, { clock: () => new Date("2026-11-20T20:00:00.000Z") });
await store.append({ drill: "R-held", expectedSeq: 0, events: [launched("R-held")], wakeAt: null });
process.stdout.write("held\n");
setInterval(() => {}, 60_000);
