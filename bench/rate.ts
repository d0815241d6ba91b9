export type Rate = { readonly perSecond: number; readonly decisionMs: readonly number[] };

export type Size = { readonly atOnce: number; readonly drills: number; readonly decisions: number; readonly everyMs: number };

/** Keeps `atOnce` under way until all have been. */
export async function rateOf({ atOnce, drills }: Size, whole: () => Promise<void>): Promise<number> {
  let left = drills;
  const began = performance.now();
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (left > 0) {
      left -= 1;
      await whole();
    }
  }));
  return (drills * 1_000) / (performance.now() - began);
}
