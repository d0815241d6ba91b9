import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { copyOfCode, edit } from "./drills/release.ts";

/** A safeguard, the edit that switches it off, and the tests that must then fail. */
type Safeguard = { readonly name: string; readonly file: string; readonly on: string; readonly off: string; readonly tests: string };

const safeguards: readonly Safeguard[] = [
  {
    name: "approval digest compared at the last moment",
    file: "src/drills/perform/act.ts",
    on: "if (now === approval.digest) return false;",
    off: "if (now !== \"\") return false;",
    tests: "test/unit/drills/*.test.ts",
  },
  {
    name: "guards observed again before an action",
    file: "src/drills/perform/act.ts",
    on: "await observeGuardsAgain(effect, hands);",
    off: "",
    tests: "test/unit/drills/*.test.ts",
  },
  {
    name: "one decision a person",
    file: "src/drills/refusals.ts",
    on: "if (before !== undefined && step.round === command.round) {",
    off: "if (before !== undefined && step.round < 0) {",
    tests: "test/unit/drills/*.test.ts",
  },
  {
    name: "whoever launched or performs does not approve",
    file: "src/drills/permission.ts",
    on: "if (state.performers.some((p) => p.id === person.id)) {",
    off: "if (state.performers.length < 0) {",
    tests: "test/unit/drills/*.test.ts",
  },
  {
    name: "clicks on an older attempt",
    file: "src/drills/refusals.ts",
    on: 'if (state.status !== "running" || !state.open.includes(command.step) || step.round !== command.round) {',
    off: 'if (state.status !== "running") {',
    tests: "test/unit/drills/*.test.ts",
  },
  {
    name: "never sent again after a lost answer",
    file: "src/drills/effects.ts",
    on: 'if (step.kind === "action" && current.operation === null) {',
    off: 'if (step.kind === "action") {',
    tests: "test/unit/drills/*.test.ts",
  },
  {
    name: "nothing is taken back by itself in live",
    file: "src/drills/evolve/operations.ts",
    on: 'ordered: draft.state.mode !== "live",',
    off: "ordered: true,",
    tests: "test/unit/drills/*.test.ts",
  },
  {
    name: "a pause holds an action that is being prepared",
    file: "src/drills/outdated.ts",
    on: "if (state.paused !== null) return false;",
    off: "",
    tests: "test/unit/drills/*.test.ts",
  },
  {
    name: "silence is never a yes",
    file: "src/drills/evolve/steps.ts",
    on: '(s) => ({ ...s, status: "failing", timedOut: true, reason: event.reason })),',
    off: '(s) => ({ ...s, status: "passed", timedOut: true, reason: event.reason })),',
    tests: "test/unit/drills/*.test.ts",
  },
  {
    name: "a write is not sent after its time",
    file: "src/azure/request-limits.ts",
    on: "const leftMs = attempt.send.sendBy.getTime() - now().getTime();",
    off: "const leftMs = 60_000;",
    tests: "test/unit/azure/one-post.test.ts",
  },
  {
    name: "a message that arrives twice is done once",
    file: "src/bot/repeats.ts",
    on: "(isFirst ? work() : answeredBefore)",
    off: "(isFirst || !isFirst ? work() : answeredBefore)",
    tests: "test/unit/bot/repeats.test.ts",
  },
  {
    name: "an append by somebody who does not know the last event",
    file: "src/storage/sqlite/drill-store.ts",
    on: "if (last.seq !== append.expectedSeq) throw conflict(append, last.seq);",
    off: "",
    tests: "test/unit/storage/sqlite/*.test.ts",
  },
  {
    name: "an input that does not fit is not sent",
    file: "src/drills/perform/act.ts",
    on: "refuseMisfit(ready.facts, effect.input);",
    off: "",
    tests: "test/unit/drills/*.test.ts",
  },
  {
    name: "nothing is sent after its send-by time",
    file: "src/azure/request-limits.ts",
    on: "if (leftMs <= 0) throw tooLate(attempt);",
    off: "",
    tests: "test/integration/azure/bad-days.test.ts",
  },
  {
    name: "nothing is recorded over what another writer recorded",
    file: "src/storage/sqlite/drill-store.ts",
    on: "if (last.seq !== append.expectedSeq) throw conflict(append, last.seq);",
    off: "",
    tests: "test/unit/storage/sqlite/*.test.ts",
  },
  {
    name: "an intent that comes twice is one",
    file: "src/drills/outdated.ts",
    on: 'isAt(state, command, "open") && stepOf(state, command.step)?.operation === null;',
    off: 'isAt(state, command, "open");',
    tests: "test/unit/drills/decide.test.ts",
  },
  {
    name: "the set of approvers grows only by the word of another approver",
    file: "src/drills/permission.ts",
    on: "if (requester !== true && meant !== true &&",
    off: "if (meant !== true &&",
    tests: "test/unit/drills/people.test.ts",
  },
];

describe("safeguards: each one switched off makes the tests fail", () => {
  for (const { name, file, on, off, tests } of safeguards) {
    it(name, function () {
      this.timeout(240_000);
      const copy = copyOfCode();
      try {
        assert.equal(runTests(copy, tests), 0, "the tests must pass while it is on");
        edit(copy, { file, from: on, to: off });
        assert.notEqual(runTests(copy, tests), 0, "nothing noticed that it was switched off");
      } finally {
        rmSync(copy, { recursive: true, force: true });
      }
    });
  }
});

/** Null: killed, because without its safeguard a test may go round for ever; that is noticed too. */
function runTests(folder: string, spec: string): number | null {
  const mocha = join(folder, "node_modules/mocha/bin/mocha.js");
  // The drills drawn at random take long, and only the safeguards that name them need them.
  const without = spec.includes("*") ? ["--ignore", "test/unit/drills/random.test.ts"] : [];
  return spawnSync(process.execPath, [mocha, "--no-config", "--bail", "--timeout", "60000", ...without, spec], { cwd: folder, stdio: "ignore", timeout: 60_000, killSignal: "SIGKILL" }).status;
}
