import { readConfig } from "../config.ts";
import { detailTexts as t } from "../texts/live-card.ts";
import { stopwatch } from "../texts/words.ts";
import type { DrillState } from "../drills/state.ts";
import { DrillbookError } from "../errors.ts";
import { pairs, parsed } from "./options.ts";
import { print } from "./output.ts";

/** Runs a runbook unattended against a simulated Azure; 1 when the drill did not pass. Throws `bad-input`, and what `rehearse` throws. */
export async function rehearseFile(args: readonly string[]): Promise<number> {
  const { values, positionals } = parsed(args, {
    param: { type: "string", multiple: true },
    answers: { type: "string" },
    out: { type: "string" },
    scenario: { type: "string" },
    seed: { type: "string" },
    json: { type: "boolean" },
  });
  const [file] = positionals;
  if (file === undefined) throw new DrillbookError("bad-input", "rehearse needs a runbook.", "For example: drillbook rehearse runbooks/payroll-test-failover.md");
  const config = readConfig(process.env);
  const { readAnswers, rehearse } = await import("../rehearsal.ts");
  const answers = typeof values["answers"] === "string" ? readAnswers(values["answers"]) : { params: {}, steps: {}, outputs: {} };
  const quiet = values["json"] === true;
  const tell = progressTeller();
  const end = await rehearse({
    file,
    params: { ...answers.params, ...pairs(values["param"]) },
    answers: answers.steps,
    outputs: answers.outputs,
    out: typeof values["out"] === "string" ? values["out"] : "rehearsals",
    keys: config.data,
    people: config.people,
    profiles: config.profiles,
    resources: config.resources,
    scenario: typeof values["scenario"] === "string" ? values["scenario"] : "calm",
    seed: typeof values["seed"] === "string" ? values["seed"] : null,
    onProgress: (state, now) => (quiet ? undefined : tell(state, now)),
  });
  const { state, bundle, publicKey } = end;
  if (quiet) print({ drill: state.id, result: state.result, bundle, publicKey, findings: state.findings.length, mode: state.mode, steps: state.steps.map((s) => ({ id: s.step.id, status: s.status })) });
  else console.log(`\n${state.id} ${state.result}. Rehearsed on simulated Azure: this counts as no test.\nBundle: ${bundle}\nKey:    ${publicKey}\nVerify: drillbook verify ${bundle} --key ${publicKey}`);
  return state.result === "passed" || state.result === "passed-with-findings" ? 0 : 1;
}

/** Prints a step once when it comes into a new status. */
function progressTeller(): (state: DrillState, now: Date) => void {
  const told = new Map<string, string>();
  return (state, now) => {
    for (const { step, status, reason, round, observation, openedAt, closedAt, blocked } of state.steps) {
      const key = `${status}#${round}`;
      if (status === "pending" || status === "open" || told.get(step.id) === key) continue;
      told.set(step.id, key);
      const time = openedAt === null ? "" : stopwatch((closedAt === null ? now.getTime() : Date.parse(closedAt)) - Date.parse(openedAt));
      console.log(`${status.padEnd(9)} ${time.padStart(5)}  ${step.title}`);
      const why = status === "failing" ? [blocked?.message ?? observation?.summary ?? "", ...(observation?.diagnosis ?? [])] : status === "left-out" ? [reason === "mode" ? t.notInRehearsal : t.notOnBranch] : [];
      for (const line of why.filter((w) => w !== "")) console.log(`                 ${line}`);
    }
    if (state.cleanup !== null && !told.has("cleanup")) {
      told.set("cleanup", "");
      console.log("cleanup          Taking back what was started");
    }
  };
}
