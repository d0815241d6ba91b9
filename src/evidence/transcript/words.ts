/**
 * How long something took, in milliseconds, as a report says it: in the two largest units, "12 min 30 s", "1 h 5 min", "3 days 2 h". The bytes
 * of evidence hang on it. A target and what is held against it stand there in full: see `sayDuration`.
 */
export function measuredDuration(ms: number): string {
  if (ms > 0 && ms < 500) return "under 1 s";
  const seconds = Math.max(0, Math.round(ms / 1000));
  const units = [
    [86_400, "days"],
    [3_600, "h"],
    [60, "min"],
    [1, "s"],
  ] as const;
  const first = units.findIndex(([size]) => seconds >= size);
  if (first < 0) return "0 s";
  const [size, unit] = units[first]!;
  const whole = Math.floor(seconds / size);
  const head = `${whole} ${unit === "days" && whole === 1 ? "day" : unit}`;
  const next = units[first + 1];
  const rest = next === undefined ? 0 : Math.floor((seconds % size) / next[0]);
  return next === undefined || rest === 0 ? head : `${head} ${rest} ${next[1]}`;
}

/** "20 November 2026", in UTC. */
export function day(iso: string): string {
  return new Date(iso).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}

/** "21:04:06", in UTC. */
export function clock(iso: string): string {
  return iso.slice(11, 19);
}
