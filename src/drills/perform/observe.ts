import { createHash } from "node:crypto";
import { asDrillbookError, DrillbookError } from "../../errors.ts";
import type { Observation } from "../events.ts";
import type { Look, SeenFile } from "../ports.ts";
import { testServersOf } from "../debts.ts";
import { onRecord, refuseMisfit, type Hands, type Of } from "./hands.ts";
import { drillRefusals } from "../../texts/refusals.ts";

/**
 * Runs the check of a step and records what it says, files first: the verdict must not stand in the history without what it was
 * judged by.
 */
export async function observe(effect: Of<"observe">, hands: Hands): Promise<void> {
  const { step, round } = effect;
  const { look, requests } = onRecord(hands);
  const { files, observation } = await seen(effect.check, effect.input, hands, look);
  await keep(step, files, hands);
  await hands.commit({ type: "observed", by: null, step, round, observation, requests });
}

/** One look of a step that waits for a check. Files are not kept: it may look hundreds of times. */
export async function lookOnce(effect: Of<"look">, hands: Hands): Promise<void> {
  const { step, round } = effect;
  const { look, requests } = onRecord(hands);
  const observation = await observeSafely(effect.check, effect.input, hands, look);
  await hands.commit({ type: "looked", by: null, step, round, observation, requests });
}

/** What a check says, without the files that it saw. */
export async function observeSafely(type: string, input: Of<"observe">["input"], hands: Hands, look: Look): Promise<Observation> {
  return (await seen(type, input, hands, look)).observation;
}

/** The same bytes are kept once; another picture of the same name gets a number, because a person judged one of them. */
async function keep(step: string, files: readonly SeenFile[], hands: Hands): Promise<void> {
  for (const { name, mediaType, bytes } of files) {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const known = hands.state().attachments.filter((one) => one.step === step);
    if (known.some((one) => one.sha256 === sha256)) continue;
    const earlier = known.filter((one) => one.name === name || one.name.endsWith(` ${name}`)).length;
    await hands.commit({ type: "kept", by: null, step, name: earlier === 0 ? name : `${earlier + 1} ${name}`, mediaType, size: bytes.length, sha256 }, [bytes]);
  }
}

/** A check that breaks has not proved anything: that is an observation too, never a silent pass. */
async function seen(type: string, input: Of<"observe">["input"], hands: Hands, look: Look): Promise<{ readonly observation: Observation; readonly files: readonly SeenFile[] }> {
  try {
    const check = hands.checks.get(type);
    if (check === undefined) throw new DrillbookError("not-found", ...drillRefusals.noCheck(type));
    refuseMisfit(check.facts, input);
    const { files = [], ...observation } = await check.observe(input, { ...look, testServers: testServersOf(hands.state()) });
    return { observation, files };
  } catch (thrown) {
    const error = asDrillbookError(thrown);
    return { observation: { verdict: "not-proved", summary: error.message, diagnosis: [error.suggestion], result: { error: error.code } }, files: [] };
  }
}
