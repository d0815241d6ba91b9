import { createPublicKey } from "node:crypto";
import type { DrillStore } from "../drills/ports.ts";
import { asDrillbookError } from "../errors.ts";
import type { LogStore } from "./log/ports.ts";
import { inclusionText, proofOf } from "./log/proof.ts";
import { historyFollower, type History } from "./verify/history.ts";
import { checkpointOver, type Covered } from "./verify/inclusion.ts";
import { remarksOn } from "./verify/remarks.ts";

/** What a look at the store as it is now says of one drill. */
export type LiveVerdict = {
  readonly status: "intact" | "broken";
  /** What is wrong and where; empty when nothing is. */
  readonly problem: string;
  readonly remarks: readonly string[];
  readonly events: number;
  readonly head: string;
  /** null: the drill lies under no signed checkpoint yet, or not under the one that is there: then `problem` says so. */
  readonly checkpoint: Pick<Covered, "origin" | "size" | "time" | "signer" | "event"> | null;
};

type Source = Pick<DrillStore, "read"> & { readonly log: Pick<LogStore, "entries" | "lastCheckpoint"> };

const rangeSize = 1_000;

/**
 * Follows a drill's chain through the store from genesis, range by range, and then its way to the log's last signed
 * checkpoint, with the verifier's own code. null: no such drill.
 */
export async function verifyStored(source: Source, drill: string, publicPem: (rehearsal: boolean) => string): Promise<LiveVerdict | null> {
  // Before the events: a head that comes into the log in between would be of an event that is not among them.
  const proofs = { rehearsal: await proofOf(source.log, "rehearsal", drill), drills: await proofOf(source.log, "drills", drill) };
  const follower = historyFollower();
  const broken = await follow(source, drill, follower);
  const history = follower.history();
  if (broken !== null) return { status: "broken", problem: broken, remarks: [], events: history?.events ?? 0, head: follower.head(), checkpoint: null };
  if (history === null) return null;
  const proof = proofs[history.mode === "rehearsal" ? "rehearsal" : "drills"];
  const files = proof === null ? new Map<string, Uint8Array>() : new Map([["checkpoint.txt", utf8(proof.checkpoint)], ["inclusion.txt", utf8(inclusionText(proof))]]);
  const spki = createPublicKey(publicPem(history.mode === "rehearsal")).export({ type: "spki", format: "der" });
  const covered = checkpointOver(history, files, spki);
  if (covered !== null && "why" in covered) return verdict(history, `${covered.where} ${covered.why}`, null);
  return verdict(history, "", covered);
}

async function follow(source: Source, drill: string, follower: ReturnType<typeof historyFollower>): Promise<string | null> {
  try {
    for (let seq = 0; ; seq += rangeSize) {
      const range = await source.read(drill, seq, rangeSize);
      for (const { bytes, head } of range) {
        const wrong = follower.next(bytes);
        if (wrong !== null) return `${wrong.where.replace("events.jsonl, ", "")} ${wrong.why}`;
        if (follower.head() !== head) return `event ${follower.history()?.events ?? 0} does not lead to the head that is stored for it`;
      }
      if (range.length < rangeSize) return null;
    }
  } catch (thrown) {
    const error = asDrillbookError(thrown);
    if (error.code === "evidence-broken") return error.message;
    throw thrown;
  }
}

function verdict(history: History, problem: string, covered: Covered | null): LiveVerdict {
  const { events, head } = history;
  const checkpoint = covered && { origin: covered.origin, size: covered.size, time: covered.time, signer: covered.signer, event: covered.event };
  return { status: problem === "" ? "intact" : "broken", problem, remarks: remarksOn(history, covered, { uncovered: problem === "" ? "No signed checkpoint covers this drill yet: nothing but the store stands behind it." : null, open: "The drill is still open: this is how far it has come." }), events, head, checkpoint };
}

function utf8(text: string): Uint8Array {
  return Buffer.from(text, "utf8");
}
