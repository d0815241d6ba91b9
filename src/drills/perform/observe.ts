import { asDrillbookError, DrillbookError } from "../../errors.ts";
import type { Observation } from "../events.ts";
import type { Look } from "../ports.ts";
import { testServersOf } from "../state.ts";
import { onRecord, refuseMisfit, type Hands, type Of } from "./hands.ts";

export async function observe(effect: Of<"observe">, hands: Hands): Promise<void> {
  const { step, round } = effect;
  const { look, requests } = onRecord(hands);
  const observation = await observeSafely(effect.check, effect.input, hands, look);
  await hands.commit({ type: "observed", by: null, step, round, observation, requests });
}

export async function lookOnce(effect: Of<"look">, hands: Hands): Promise<void> {
  const { step, round } = effect;
  const { look, requests } = onRecord(hands);
  const observation = await observeSafely(effect.check, effect.input, hands, look);
  await hands.commit({ type: "looked", by: null, step, round, observation, requests });
}

/** A check that breaks has not proved anything: that is an observation too, never a silent pass. */
export async function observeSafely(type: string, input: Of<"observe">["input"], hands: Hands, look: Look): Promise<Observation> {
  try {
    const check = hands.checks.get(type);
    if (check === undefined) throw new DrillbookError("not-found", `There is no check "${type}" here.`, "Was it removed since the drill began?");
    refuseMisfit(check.facts, input);
    return await check.observe(input, { ...look, testServers: testServersOf(hands.state()) });
  } catch (thrown) {
    const error = asDrillbookError(thrown);
    return { verdict: "not-proved", summary: error.message, diagnosis: [error.suggestion], result: { error: error.code } };
  }
}
