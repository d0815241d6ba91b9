import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { copyOfCode, edit, type Edit } from "./drills/release.ts";

/** A safeguard, the edits that switch it off, and the tests that must then fail; `only`: those of them with this in their name. */
type Safeguard = { readonly name: string; readonly edits: readonly Edit[]; readonly tests: string; readonly only?: string };

const safeguards: readonly Safeguard[] = [
  {
    name: "approval digest compared at the last moment",
    edits: [{ file: "src/drills/perform/act.ts", from: "if (now === approval.digest) return false;", to: "if (now !== \"\") return false;" }],
    tests: "test/unit/drills/*.test.ts",
  },
  {
    name: "guards observed again before an action",
    edits: [{ file: "src/drills/perform/act.ts", from: "await observeGuardsAgain(effect, hands);", to: "" }],
    tests: "test/unit/drills/*.test.ts",
  },
  {
    name: "one decision a person",
    edits: [{ file: "src/drills/refusals.ts", from: "if (before !== undefined && step.round === command.round) {", to: "if (before !== undefined && step.round < 0) {" }],
    tests: "test/unit/drills/*.test.ts",
  },
  {
    name: "whoever launched or performs does not approve",
    edits: [{ file: "src/drills/permission.ts", from: "if (state.performers.some((p) => p.id === person.id)) {", to: "if (state.performers.length < 0) {" }],
    tests: "test/unit/drills/*.test.ts",
  },
  {
    name: "clicks on an older attempt",
    edits: [{ file: "src/drills/refusals.ts", from: 'if (state.status !== "running" || !state.open.includes(command.step) || step.round !== command.round) {', to: 'if (state.status !== "running") {' }],
    tests: "test/unit/drills/*.test.ts",
  },
  {
    name: "never sent again after a lost answer",
    edits: [{ file: "src/drills/effects.ts", from: 'if (step.kind === "action" && current.operation === null) {', to: 'if (step.kind === "action") {' }],
    tests: "test/unit/drills/*.test.ts",
  },
  {
    name: "nothing is taken back by itself in live",
    edits: [{ file: "src/drills/evolve/operations.ts", from: 'ordered: draft.state.mode !== "live",', to: "ordered: true," }],
    tests: "test/unit/drills/*.test.ts",
  },
  {
    name: "a pause holds an action that is being prepared",
    edits: [{ file: "src/drills/outdated.ts", from: "if (state.paused !== null) return false;", to: "" }],
    tests: "test/unit/drills/*.test.ts",
  },
  {
    name: "silence is never a yes",
    edits: [{ file: "src/drills/evolve/steps.ts", from: '(s) => ({ ...s, status: "failing", timedOut: true, reason: event.reason })),', to: '(s) => ({ ...s, status: "passed", timedOut: true, reason: event.reason })),' }],
    tests: "test/unit/drills/*.test.ts",
  },
  {
    name: "a write is not sent after its time",
    edits: [{ file: "src/azure/request-limits.ts", from: "const leftMs = leftOf(attempt.send, now);", to: "const leftMs = 60_000;" }],
    tests: "test/unit/azure/one-post.test.ts",
  },
  {
    name: "a message that arrives twice is done once",
    edits: [{ file: "src/bot/repeats.ts", from: "(isFirst ? work() : answeredBefore)", to: "(isFirst || !isFirst ? work() : answeredBefore)" }],
    tests: "test/unit/bot/repeats.test.ts",
  },
  {
    name: "an append by somebody who does not know the last event",
    edits: [{ file: "src/storage/sqlite/drill-store.ts", from: "if (last.seq !== append.expectedSeq) throw conflict(append, last.seq);", to: "" }],
    tests: "test/unit/storage/sqlite/*.test.ts",
  },
  {
    name: "an input that does not fit is not sent",
    edits: [{ file: "src/drills/perform/act.ts", from: "refuseMisfit(ready.facts, effect.input);", to: "" }],
    tests: "test/unit/drills/*.test.ts",
  },
  {
    name: "nothing is sent after its send-by time",
    edits: [{ file: "src/azure/request-limits.ts", from: "if (leftMs <= 0) throw tooLate(attempt);", to: "" }],
    tests: "test/integration/azure/bad-days.test.ts",
  },
  {
    name: "an intent that comes twice is one",
    edits: [{ file: "src/drills/outdated.ts", from: 'isAt(state, command, "open") && stepOf(state, command.step)?.operation === null;', to: 'isAt(state, command, "open");' }],
    tests: "test/unit/drills/decide.test.ts",
  },
  {
    name: "the set of approvers grows only by the word of another approver",
    edits: [{ file: "src/drills/permission.ts", from: "if (requester !== true && meant !== true &&", to: "if (meant !== true &&" }],
    tests: "test/unit/drills/people.test.ts",
  },
];

/** The four without which nothing above holds, each against the faults themselves. */
const gate: readonly Safeguard[] = [
  {
    name: "a press that comes twice",
    edits: [{ file: "src/drills/refusals.ts", from: "if (before !== undefined && step.round === command.round) {", to: "if (before !== undefined && step.round < 0) {" }],
    tests: "test/faults/bad-days.test.ts",
    only: "commands twice",
  },
  {
    name: "the send-by time",
    edits: [{ file: "src/azure/request-limits.ts", from: "const leftMs = leftOf(attempt.send, now);", to: "const leftMs = 60_000;" }],
    tests: "test/faults/replicas.test.ts",
    only: "stopped between intent and send",
  },
  {
    name: "the digest of what was approved",
    edits: [{ file: "src/drills/perform/act.ts", from: "if (now === approval.digest) return false;", to: 'if (now !== "") return false;' }],
    tests: "test/faults/bad-days.test.ts",
    only: "changes the targets",
  },
  {
    name: "the sequence that a writer expects",
    edits: [
      { file: "src/storage/postgres/statements.ts", from: "AND events = $13 AND head = $14 AND EXISTS (SELECT 1 FROM ${s}.event e WHERE e.drill = $1 AND e.seq = $13 AND e.head = $14)", to: "AND (events = $13 OR head = $14 OR true)" },
      { file: "src/storage/postgres/statements.ts", from: "AND d.events = g.after_seq AND d.head = g.after_head\n          AND EXISTS (SELECT 1 FROM ${s}.event e WHERE e.drill = g.id AND e.seq = g.after_seq AND e.head = g.after_head)", to: "" },
      { file: "src/storage/postgres/drill-store.ts", from: "if (known.seq !== append.expectedSeq) throw conflict(append, known.seq);", to: "" },
    ],
    tests: "test/faults/replicas.test.ts",
    only: "two replicas, 50 clicks",
  },
];

for (const [title, all] of [["safeguards: each one switched off makes the tests fail", safeguards], ["the gate: each of four switched off makes the faults fail", gate]] as const) describe(title, () => {
  for (const { name, edits, tests, only } of all) {
    it(name, function () {
      this.timeout(600_000);
      const copy = copyOfCode();
      try {
        const began = performance.now();
        const on = runTests(copy, { tests, only, endWithinMs: 240_000 });
        assert.equal(on.status, 0, `the tests must pass while it is on:\n${on.said}`);
        const tookMs = performance.now() - began;
        for (const each of edits) edit(copy, each);
        assert.notEqual(runTests(copy, { tests, only, endWithinMs: Math.ceil(20_000 + 5 * tookMs) }).status, 0, "nothing noticed that it was switched off");
      } finally {
        rmSync(copy, { recursive: true, force: true });
      }
    });
  }
});

/** Status null: killed, because without its safeguard a test may go round for ever; that is noticed too. */
function runTests(folder: string, { tests: spec, only, endWithinMs }: { readonly tests: string; readonly only: string | undefined; readonly endWithinMs: number }): { readonly status: number | null; readonly said: string } {
  const mocha = join(folder, "node_modules/mocha/bin/mocha.js");
  // The drills drawn at random take long, and only the safeguards that name them need them.
  const without = spec.includes("*") ? ["--ignore", "test/unit/drills/random.test.ts"] : [];
  const named = only === undefined ? [] : ["--fgrep", only];
  const env = { ...process.env, TEST_FULL: "" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [mocha, "--no-config", "--bail", "--timeout", "60000", ...without, ...named, spec], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"], encoding: "utf8", maxBuffer: 64e6, timeout: endWithinMs, killSignal: "SIGKILL" });
  return { status, said: `${stdout}${stderr}`.slice(-4_000) };
}
