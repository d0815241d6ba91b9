import { fault, type Fault } from "./fault.ts";
import type { HistoryFollower } from "./history.ts";

/** A longer line was not written by us, and is not kept in memory. */
const longestLine = 64 << 20;

/** Cuts events.jsonl into lines as its pieces come, and follows each. After the first fault the rest is let pass. */
export function eventLines(follower: HistoryFollower): { take(piece: Buffer): void; end(): Fault | null } {
  let wrong: Fault | null = null;
  let pending: Buffer[] = [];
  let pendingSize = 0;
  let lines = 0;
  const line = (bytes: Buffer): void => {
    lines += 1;
    wrong = follower.next(bytes);
  };
  return {
    take(piece) {
      let start = 0;
      for (let end = piece.indexOf(0x0a); end >= 0 && wrong === null; end = piece.indexOf(0x0a, start)) {
        line(pending.length === 0 ? piece.subarray(start, end) : Buffer.concat([...pending, piece.subarray(start, end)]));
        [pending, pendingSize, start] = [[], 0, end + 1];
      }
      if (wrong !== null || start === piece.length) return;
      // Copied: the piece may be a window that is used again.
      pending.push(Buffer.from(piece.subarray(start)));
      pendingSize += piece.length - start;
      if (pendingSize > longestLine) wrong = fault(`events.jsonl, event ${lines + 1}`, "is longer than any event");
    },
    end: () => wrong ?? (lines === 0 || pendingSize > 0 ? fault("events.jsonl", "is empty, or its last line has no end") : null),
  };
}
