import Mocha from "mocha";

/** What a run of mocha tells the process that started it. */
export type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number };

/** Mocha's own reporter for people, which also hands the counts to `scripts/test.ts`. */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      process.send?.({ passed: passes, failed: failures, skipped: pending } satisfies Counts);
    });
  }
}
