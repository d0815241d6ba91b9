import type { History } from "./history.ts";
import type { Covered } from "./inclusion.ts";

/** What only the caller can say: a bundle and the store as it is now are not short of the same things. */
type Said = {
  /** In the place of a checkpoint, where none was proved; null: nothing can be said of it. */
  readonly uncovered: string | null;
  readonly open: string;
};

/** What is no fault and yet worth knowing, in sentences. */
export function remarksOn(history: History, covered: Covered | null, said: Said): readonly string[] {
  const remarks: string[] = [];
  if (covered === null) remarks.push(...(said.uncovered === null ? [] : [said.uncovered]));
  else if (covered.event < history.events) remarks.push(`The checkpoint covers ${covered.event} of ${history.events} events: the rest came after it.`);
  if (covered?.signer === "local key") remarks.push("Signed with a local key, and no anchor is checked here: this shows accidents and outsiders' edits, not the operator's own.");
  if (covered !== null && covered.restored !== null) remarks.push(`The store was restored from an older backup: what followed ${covered.restored} cannot be followed.`);
  if (covered?.clockMs !== null && covered !== null && Math.abs(covered.clockMs) > 5_000) remarks.push(`Drillbook's clock was ${Math.abs(covered.clockMs)} ms ${covered.clockMs > 0 ? "behind" : "ahead of"} Azure's when the checkpoint was signed.`);
  if (history.endedAt === null) remarks.push(said.open);
  if (history.mode === "rehearsal") remarks.push("A rehearsal on simulated Azure: it counts as no test of anything real.");
  if (history.clockWentBackAt !== null) remarks.push(`The clock went back at event ${history.clockWentBackAt}: times before and after it do not compare.`);
  return remarks;
}
