import { z } from "zod";

const version = z.string().regex(/^\d{1,6}(?:\.\d{1,6}){3}$/, { error: "Write the version with four numbers, such as 10.0.17763.1911." });

/** Builds of an operating system that begin with `os`, from `from` on, are bad unless the driver is at least `mended`. */
export const badBuilds = z.strictObject({
  os: z.string().regex(/^\d{1,3}\.\d{1,3}\.\d{1,6}$/, { error: "Write the build, such as 10.0.17763." }),
  from: version,
  driver: z.strictObject({ file: z.string().regex(/^[A-Za-z0-9._-]{1,60}\.sys$/i), mended: version }),
});

/** One range, as a runbook adds its own. */
export const knownBadRange = badBuilds.extend({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,60}$/),
  title: z.string().min(5).max(300),
  cure: z.string().min(5).max(500),
  source: z.string().min(3).max(500),
});

/** Builds of one system with a known fault; `source` says who told of it. */
export type KnownBadRange = z.infer<typeof knownBadRange>;

/** Negative: the first is older. Versions of four numbers. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [one, other].map((text) => text.split(".").map(Number));
  for (let at = 0; at < 4; at += 1) {
    const difference = (a?.[at] ?? 0) - (b?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
