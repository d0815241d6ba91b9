import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { DrillState } from "../../src/drills/state.ts";
import type { Answers } from "../../src/drills/unattended.ts";
import { rehearsalPeople } from "../../src/people/rehearsal-people.ts";
import { rehearse } from "../../src/rehearsal.ts";

const root = join(import.meta.dirname, "../..");
const runbooks = readdirSync(join(root, "runbooks")).filter((file) => file.endsWith(".md")).map((file) => basename(file, ".md"));

/** What people find themselves, where no check can: said with the failure that follows from it. */
const answer = z.strictObject({ answer: z.enum(["done", "failed"]), reason: z.string(), values: z.record(z.string(), z.string()).default({}), then: z.enum(["continue", "give-up"]).default("continue") });

const rehearsalFile = z
  .strictObject({
    params: z.record(z.string(), z.string()).default({}),
    bad: z.array(z.strictObject({ outputs: z.record(z.string(), z.string()).default({}), scenario: z.string().optional(), answers: z.record(z.string(), answer).default({}), finds: z.string() })).default([]),
  })
  .nullable()
  .transform((given) => given ?? { params: {}, bad: [] });

/** One lesson needs its failure: the balancer's own question fails, and people go on. */
const goesOn = { "load-balancer-says-down": { "see-it-happen.the-load-balancer-asks-without-a-name": { answer: "done", reason: "the failure is the lesson", then: "continue" } } } as const;

function rehearsalOf(runbook: string): z.infer<typeof rehearsalFile> {
  return rehearsalFile.parse(parse(readFileSync(join(root, "scenarios/rehearsals", `${runbook}.yaml`), "utf8")));
}

describe("the library, rehearsed without people", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "drillbook-library-"))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function run(runbook: string, params: Readonly<Record<string, string>>, bad: { readonly outputs: Readonly<Record<string, string>>; readonly scenario?: string | undefined; readonly answers?: Answers }): Promise<DrillState> {
    const answers = { ...goesOn[runbook as keyof typeof goesOn], ...bad.answers };
    const { state } = await rehearse({ file: join(root, "runbooks", `${runbook}.md`), params, answers, outputs: bad.outputs, scenario: bad.scenario ?? "calm", out: folder, keys: folder, people: rehearsalPeople, profiles: null, seed: "library", onProgress: () => undefined });
    return state;
  }

  for (const runbook of runbooks) {
    it(`${runbook} ends well`, async () => {
      const state = await run(runbook, rehearsalOf(runbook).params, { outputs: {} });
      assert.match(state.result ?? "", /^passed/, said(state));
    });

    for (const bad of rehearsalOf(runbook).bad) {
      it(`${runbook} finds ${[...Object.values(bad.outputs), ...(bad.scenario === undefined ? [] : [bad.scenario]), ...Object.values(bad.answers).map(({ reason }) => reason)].join(", ")}`, async () => {
        const state = await run(runbook, rehearsalOf(runbook).params, bad);
        assert.match(said(state), new RegExp(bad.finds));
        assert.notEqual(state.result, "passed", "a planted fault must not end as passed");
      });
    }
  }
});

function said(state: DrillState): string {
  const steps = state.steps.flatMap(({ step, status, observation }) => [`${status} ${step.title}`, observation?.summary ?? "", ...(observation?.diagnosis ?? [])]);
  const actions = state.operations.flatMap(({ summary, servers }) => [summary, ...servers.filter(({ outcome }) => outcome === "failed").map(({ name }) => `${name} failed`)]);
  return [...steps, ...actions].join("\n");
}
