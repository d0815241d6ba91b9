import { timeToken } from "./reader.ts";
import type { Mode, Purpose } from "../runbooks/runbook.ts";

/**
 * Milliseconds that still run, for a glance at a card: "4 min 10 s", but "12 min" and "3 days", where what is left out would only make
 * the card change more often. Nothing that was agreed, and nothing that is held against it: see `sayDuration`.
 */
export function briefDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 || minutes >= 10 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
}

/** A duration to compare at a glance, in a column: "0:12", "11:40", "1:02:03". */
export function stopwatch(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, "0");
  const h = Math.floor(seconds / 3600);
  const m = Math.floor(seconds / 60) % 60;
  return h > 0 ? `${h}:${two(m)}:${two(seconds % 60)}` : `${m}:${two(seconds % 60)}`;
}

/** Hours and minutes on the reader's own clock: a drill crosses time zones. For text of cards; see `reader.ts`. */
export function clockTime(iso: string): string {
  return timeToken(iso);
}

/** Milliseconds from one instant to the other, negative when the second came first; NaN when either is no instant. */
export function between(from: string, to: Date | string): number {
  return new Date(to).getTime() - new Date(from).getTime();
}

/** "1 server", "3 servers". */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** "a, b and c", or with another word before the last. Names from outside must be made plain before. */
export function listed(names: readonly string[], last = "and"): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} ${last} ${names.at(-1)}`;
}

/** What kind of event this is, first on every card: nobody may take an exercise for the real thing, or the other way. */
export function kindOfEvent(purpose: Purpose, mode: Mode): string {
  const what = purpose === "incident" ? "REAL INCIDENT" : "EXERCISE";
  if (mode === "rehearsal") return `${what} · REHEARSAL · simulated Azure`;
  return mode === "live" ? `${what} · LIVE FAILOVER` : `${what} · test failover`;
}
