import { asDrillbookError, DrillbookError } from "../../errors.ts";
import { operationOf } from "../state.ts";
import { actionNamed, onRecord, problemOf, sendWindow, type Hands, type Of } from "./hands.ts";
import { drillRefusals } from "../../texts/refusals.ts";

/**
 * Lets an operation go on that waits for people: intent, one write, outcome. When the answer is lost nothing is recorded: the
 * next look shows whether it still waits, and it is never told again without a person's word.
 */
export async function release(effect: Of<"release">, hands: Hands): Promise<void> {
  const operation = operationOf(hands.state(), effect.operation);
  if (operation?.handle == null || operation.pause?.answer == null) return;
  const { handle, input, pause } = operation;
  const tag = hands.newId();
  const within = sendWindow(hands);
  const intended = await hands.commit({ type: "intend-release", by: null, operation: operation.key, pause: pause.id, tag, sendBy: within.sendBy.toISOString() });
  if (!intended) return;
  const { look, requests } = onRecord(hands);
  const report = { type: "released", by: null, operation: operation.key, pause: pause.id } as const;
  try {
    const action = actionNamed(operation.action, hands);
    if (action.resume === undefined) throw new DrillbookError("not-now", ...drillRefusals.cannotGoOn(operation.action));
    await action.resume(handle, input, pause.id, pause.answer?.reason ?? "", { ...look, tag, ...within });
    await hands.commit({ ...report, problem: null, requests });
  } catch (thrown) {
    if (notTold.has(asDrillbookError(thrown).code)) await hands.commit({ ...report, problem: problemOf(thrown), requests });
  }
}

const notTold: ReadonlySet<string> = new Set(["azure-refused", "azure-throttled", "not-now", "bad-input"]);
