import { userInfo } from "node:os";
import { readConfig } from "../config.ts";
import { DrillbookError } from "../errors.ts";
import { openEvidenceKeeping } from "../evidence-keeping.ts";
import type { LogName } from "../evidence/log/ports.ts";
import { acknowledgeRestore } from "../evidence/log/restored.ts";
import { checkpointSigner } from "../evidence/log/signer.ts";
import { openStore } from "../storage/open.ts";
import { parsed } from "./options.ts";

/** Lets a store go on that was restored from an older backup. Throws `bad-input` without a reason. */
export async function acknowledge(args: readonly string[]): Promise<number> {
  const reason = parsed(args, { reason: { type: "string" } }).values["reason"];
  if (typeof reason !== "string" || reason.trim() === "") throw new DrillbookError("bad-input", "acknowledge-restore needs a reason.", 'For example: drillbook acknowledge-restore --reason "disk lost, restored from Friday"');
  const config = readConfig(process.env);
  const { data } = config;
  const clock = (): Date => new Date();
  const store = await openStore(config, { clock });
  try {
    const { keyFor } = await openEvidenceKeeping(config, clock);
    const signer = (log: LogName) => checkpointSigner(data, log, () => keyFor(log === "rehearsal"));
    const restarted = await acknowledgeRestore(store.log, signer, { by: userInfo().username, reason }, clock);
    console.log(restarted.length === 0 ? "Every log goes on from its last checkpoint: there is nothing to acknowledge." : `Acknowledged. These logs begin anew, and every later checkpoint says so: ${restarted.join(", ")}.`);
    return 0;
  } finally {
    await store.close();
  }
}
