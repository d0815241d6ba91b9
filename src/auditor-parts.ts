import { join } from "node:path";
import { shippedScripts } from "./composition.ts";
import type { Clock } from "./drills/ports.ts";
import type { EvidenceKeeping } from "./evidence-keeping.ts";
import { exportBundle, reportOf } from "./evidence/export.ts";
import { verifyStored } from "./evidence/live-verify.ts";
import { reportPolicy } from "./evidence/report/style.ts";
import type { RunningLog } from "./running-log.ts";
import type { Store } from "./storage/store.ts";
import type { AuditorParts } from "./web/auditor/pages.ts";
import { readLog } from "./web/auditor/read-log.ts";

type Given = {
  /** Beside the one that runs drills: a long export must not hold them up. */
  readonly store: Store;
  readonly keeping: EvidenceKeeping;
  readonly running: RunningLog;
  /** The data folder. */
  readonly data: string;
  readonly clock: Clock;
};

/** What the auditor's pages show and give out; who read what is written down in the data folder. */
export function auditorParts({ store, keeping: { keyFor, anchors }, running, data, clock }: Given): AuditorParts {
  return {
    source: store,
    report: async (drill) => ({ html: await reportOf(store, drill), csp: reportPolicy }),
    bundle: async (drill) => {
      // The bundle lies under a checkpoint as a whole.
      await running.bringUp();
      return { bytes: await exportBundle(store, drill, keyFor, { anchors, shipped: shippedScripts() }), filename: `${drill}.zip` };
    },
    verify: (drill) => verifyStored(store, drill, (rehearsal) => keyFor(rehearsal).publicPem),
    clock,
    logRead: readLog(join(data, "auditor-reads.jsonl")),
  };
}
