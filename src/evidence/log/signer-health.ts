import type { Clock } from "../../drills/ports.ts";
import { asDrillbookError } from "../../errors.ts";
import type { CheckpointSigner } from "./signer.ts";

/** Whether checkpoints can be signed, for the people who run drills: they would otherwise learn it from the auditor. */
export type SignerHealth = {
  watched(signer: CheckpointSigner): CheckpointSigner;
  /** What is wrong and since when, in a sentence; null: the last checkpoint was signed. */
  fault(): string | null;
};

/** `onChange`: called when signing begins to fail, and when it works again. */
export function signerHealth(clock: Clock, onChange: () => void = () => undefined): SignerHealth {
  let since: string | null = null;
  let why = "";
  return {
    watched: (signer) => ({
      ...signer,
      async sign(facts, proof) {
        try {
          const note = await signer.sign(facts, proof);
          const wasFault = since !== null;
          since = null;
          if (wasFault) onChange();
          return note;
        } catch (thrown) {
          const error = asDrillbookError(thrown);
          const isNew = since === null;
          since ??= clock().toISOString();
          why = error.code === "internal" ? "The signing key did not answer." : `${error.message} ${error.suggestion}`;
          if (isNew) onChange();
          throw thrown;
        }
      },
    }),
    fault: () => (since === null ? null : `The evidence of drills has not been signed since ${since.slice(11, 16)} UTC. ${why} Drills go on and are recorded, live actions wait; tell whoever runs Drillbook.`),
  };
}
