import type { Clock } from "./drills/ports.ts";
import type { EvidenceKeeping } from "./evidence-keeping.ts";
import type { LogName } from "./evidence/log/ports.ts";
import { startSequencer, type Sequencer } from "./evidence/log/sequencer.ts";
import { signerHealth } from "./evidence/log/signer-health.ts";
import { checkpointSigner } from "./evidence/log/signer.ts";
import type { Store } from "./storage/store.ts";

export type RunningLogParts = {
  readonly store: Pick<Store, "log" | "onlyOne">;
  /** The data folder. */
  readonly data: string;
  readonly keeping: EvidenceKeeping;
  readonly clock: Clock;
  readonly after: (ms: number, callback: () => void) => () => void;
  readonly onFault: (fault: unknown) => void;
  /** Told when checkpoints can no longer be signed, and when they can be again. */
  readonly onHealth: () => void;
};

/** The log of heads while the bot runs. */
export type RunningLog = {
  /** Why checkpoints cannot be signed, in a sentence; null: they can. */
  readonly fault: () => string | null;
  /** Signs for what no checkpoint reaches yet, when it is this process that writes the log. */
  readonly bringUp: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Writes the evidence log for as long as no other replica does. */
export async function runLog({ store, data, keeping: { keyFor, anchors, clockMs }, clock, after, onFault, onHealth }: RunningLogParts): Promise<RunningLog> {
  const health = signerHealth(clock, onHealth);
  const signer = (name: LogName) => health.watched(checkpointSigner(data, name, () => keyFor(name === "rehearsal")));
  let sequencer: Sequencer | null = null;
  const sequencing = await store.onlyOne(async () => {
    const begun = await startSequencer({ store: store.log, signer, clock, after, onFault, anchor: async (note, log) => (log === "rehearsal" ? undefined : anchors.keep(note, log)), ...(clockMs === null ? {} : { clockMs }) });
    sequencer = begun;
    return {
      stop() {
        sequencer = null;
        return begun.stop();
      },
    };
  }, onFault);
  return { fault: health.fault, bringUp: async () => void (await sequencer?.pass({ sign: true })), stop: async () => sequencing.stop() };
}
