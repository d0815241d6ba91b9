/** A length of time to the second, as people say it: "4 min 10 s", "1 h 5 min", "3 days 2 h". */
export function duration(ms: number): string {
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

/** "1 server", "3 servers". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

export function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** "20 November 2026", in UTC. */
export function day(iso: string): string {
  return new Date(iso).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}

/** "21:04:06", in UTC. */
export function clock(iso: string): string {
  return iso.slice(11, 19);
}

export function between(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from);
}
