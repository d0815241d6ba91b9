import { asDrillbookError } from "../../errors.ts";
import { digestOf } from "../digest.ts";
import type { Pause, RequestRecord } from "../events.ts";
import type { Progress } from "../ports.ts";
import { operationOf, type OperationState } from "../state.ts";
import { actionNamed, onRecord, type Hands, type Of } from "./hands.ts";
import { courseTexts } from "../../texts/course.ts";

/** How long to wait before asking Azure again when it did not answer. */
const silentMs = 15_000;

/** How long recovery keeps asking before it turns to a person. */
const recoveryPatienceMs = 10 * 60_000;

/** Looks for what an intent left behind: found, it is adopted; not found, a person is asked. It is never sent again. */
export async function recover(effect: Of<"recover">, hands: Hands): Promise<void> {
  const operation = operationOf(hands.state(), effect.operation);
  if (operation === undefined) return;
  const { look, requests } = onRecord(hands);
  try {
    const found = await actionNamed(operation.action, hands).find(operation.input, operation.tag, new Date(operation.intendedAt), look);
    if (found !== null) {
      await hands.commit({ type: "started", by: null, operation: operation.key, handle: found.handle, adopted: true, requests });
      return;
    }
    await unknown(operation, `${operation.summary} ${courseTexts.noTrace}`.trim(), requests, hands);
  } catch (thrown) {
    const waited = hands.clock().getTime() - effect.sentBy.getTime();
    if (waited < recoveryPatienceMs) return hands.lookAgainAfter(effect, silentMs);
    await unknown(operation, `${operation.summary} ${courseTexts.couldNotAsk(asDrillbookError(thrown).message)}`.trim(), requests, hands);
  }
}

async function unknown(operation: OperationState, why: string, requests: readonly RequestRecord[], hands: Hands): Promise<void> {
  await hands.commit({ type: "unknown", by: null, operation: operation.key, why, requests });
}

/**
 * Looks at a running operation and records what changed. No answer from Azure is not an end: that is said once, and it looks
 * again 15 seconds later.
 */
export async function follow(effect: Of<"follow">, hands: Hands): Promise<void> {
  const operation = operationOf(hands.state(), effect.operation);
  if (operation?.handle == null) return;
  const { look, requests } = onRecord(hands);
  try {
    const progress = await actionNamed(operation.action, hands).follow(operation.handle, operation.input, look);
    await reportProgress(operation, progress, requests, hands);
    if (progress.state === "running") hands.lookAgainAfter(effect, progress.nextLookMs);
  } catch (thrown) {
    const { code, message, suggestion } = asDrillbookError(thrown);
    const summary = code === "azure-refused" ? courseTexts.notLetLook(message, suggestion) : courseTexts.noAnswer(message);
    if (operation.summary !== summary) {
      await hands.commit({ type: "progressed", by: null, operation: operation.key, summary, tasks: operation.tasks, servers: operation.servers, ...pauseOf(operation), requests });
    }
    hands.lookAgainAfter(effect, silentMs);
  }
}

/** Silence says nothing of whether it still waits. */
function pauseOf({ pause }: OperationState): { readonly pause?: Pause } {
  return pause === null ? {} : { pause: { id: pause.id, name: pause.name, text: pause.text } };
}

async function reportProgress(operation: OperationState, progress: Progress, requests: readonly RequestRecord[], hands: Hands): Promise<void> {
  const { summary, tasks, servers, problems, pause } = progress;
  const report = { by: null, operation: operation.key, summary, tasks, servers, requests };
  const paused = operation.pause?.id ?? null;
  if (progress.state !== "running") {
    await hands.commit({ ...report, type: "ended", outcome: progress.state, problems });
  } else if (paused !== (pause?.id ?? null) || digestOf({ summary, tasks, servers }) !== digestOf({ summary: operation.summary, tasks: operation.tasks, servers: operation.servers })) {
    await hands.commit({ ...report, type: "progressed", ...(pause === undefined ? {} : { pause }) });
  }
}
