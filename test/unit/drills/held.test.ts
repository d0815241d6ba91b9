import assert from "node:assert/strict";
import type { DrillEvent } from "../../../src/drills/events.ts";
import { shelf } from "../../../src/drills/held.ts";
import { firstEvents } from "../../../src/drills/launch.ts";
import { eventVersion } from "../../../src/drills/upcast/upcast.ts";
import { memoryStore } from "../../fakes/memory-store.ts";
import { manual, olivia, roles, runbookOf } from "../../fakes/runbooks.ts";

describe("a drill that a newer Drillbook has written into", () => {
  const first = firstEvents({ by: olivia, runbook: runbookOf([manual("one")]), source: new Uint8Array(), params: { plan: "/plan/1" }, mode: "rehearsal", roles, conversation: null }, "PAY-0001", new Date(0), []);
  const newer = (what: object): DrillEvent => ({ ...first[0], seq: first.length + 1, type: "note.added", step: null, text: "hello", ...what }) as unknown as DrillEvent;

  for (const [name, event] of [["another version of events", newer({ v: eventVersion + 1 })], ["a kind of event that is not known here", newer({ type: "step.dreamt" })]] as const) {
    for (const when of ["read", "read again"] as const) {
      it(`${name}: when it is ${when}, it is left to the newer one, and whoever presses is told to press again in a moment`, async () => {
        const store = memoryStore();
        const outgrown: string[] = [];
        const drills = shelf({ store, mayLeave: () => true, left: () => undefined, outgrown: (id) => void outgrown.push(id) });
        const append = (events: readonly DrillEvent[]) => store.append({ drill: "PAY-0001", expectedSeq: events[0]!.seq - 1, events, wakeAt: null });
        await append(first);
        const write = () => append([event]);
        if (when === "read") await write();
        const pressed = drills.use("PAY-0001", async (drill) => {
          await write();
          await drills.refresh(drill);
        });
        await assert.rejects(pressed, { code: "store-newer", message: "A newer release of Drillbook goes on with PAY-0001; nothing was changed here.", suggestion: /^Press again in a moment\./u });
        assert.deepEqual([outgrown, drills.all()], [["PAY-0001"], []]);
      });
    }
  }
});
