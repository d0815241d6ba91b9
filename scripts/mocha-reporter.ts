import Mocha from "mocha";

/** What a run of mocha tells the process that started it; `failures` are whole names, each with what was wrong, on one line. */
export type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number; readonly failures: readonly string[] };

/** Mocha's own reporter for people, which also hands the counts to `scripts/test.ts`. */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const failed: string[] = [];
    runner.on("fail", (test, error: unknown) => {
      // From another process, where files run side by side, it comes as an object that only looks like an error.
      const message = typeof error === "object" && error !== null && "message" in error ? error.message : error;
      const why = String(message).replaceAll(/\s+/gu, " ");
      failed.push(`${test.titlePath().join(" > ")}: ${why.slice(0, 500)}`);
    });
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      process.send?.({ passed: passes, failed: failures, skipped: pending, failures: failed } satisfies Counts);
    });
  }
}
