import { parseDuration } from "../../runbooks/duration.ts";
import type { Ask, Exchange, Try } from "./exchange.ts";
import type { HttpInput } from "./input.ts";

type Window = HttpInput["window"];

/**
 * Asks again and again, so that what flaps is not green: a deciding cell is up when at least `need` of its `tries` were. Each
 * cell shows its last exchange, or the last bad one where it is not up. Cells that do not decide are asked once.
 */
export async function overWindow(
  window: Window,
  round: (which: (ask: Ask) => boolean) => Promise<readonly Exchange[]>,
  wait: (ms: number, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<readonly Exchange[]> {
  const first = await round(() => true);
  if (window === undefined) return first;
  const rounds = [first];
  for (let n = 1; n < window.tries; n += 1) {
    await wait(parseDuration(window.every) ?? 1000, signal);
    rounds.push(await round((ask) => ask.decides));
  }
  return first.map((cell) => (cell.decides ? counted(rounds.flatMap((r) => r.find((e) => e.request.id === cell.request.id) ?? []), window) : cell));
}

function counted(same: readonly Exchange[], { need, tries }: NonNullable<Window>): Exchange {
  const tried: Try[] = same.map((e) => ({ verdict: e.verdict === "up" && e.unmet !== null ? "down" : e.verdict, reason: e.unmet ?? e.reason, totalMs: e.answer?.totalMs ?? null }));
  const ups = tried.filter((one) => one.verdict === "up").length;
  const good = same.findLast((e) => e.verdict === "up" && e.unmet === null);
  const bad = same.findLast((e) => e.verdict === "down" || e.unmet !== null) ?? same.findLast((e) => e.verdict === "unknown");
  if (ups >= need && good) return { ...good, tries: tried };
  if (!bad) throw new TypeError("A window without a good and without a bad try.");
  return { ...bad, verdict: bad.verdict === "unknown" ? "unknown" : "down", unmet: null, reason: `up ${ups} of ${tries} times, ${need} are needed; last: ${bad.unmet ?? bad.reason}`, tries: tried };
}
