import { fill } from "../../runbooks/fill.ts";
import { isRecord } from "../../runbooks/json.ts";
import { armName } from "../../runbooks/resource-id.ts";
import type { Json, Runbook } from "../../runbooks/runbook.ts";

/** What a runbook needs of Azure before it starts. */
export type Needs = {
  /** Checks that can be made without test servers, with what they are called on a card. */
  readonly checks: readonly { readonly type: string; readonly title: string; readonly input: Json }[];
  /** Types of its actions and checks. */
  readonly types: readonly string[];
  /** Azure resources that its inputs name. */
  readonly ids: readonly string[];
  readonly plans: readonly string[];
};

/** Checks that look at what is there already; the others look at what the drill is going to make. */
const early = ["asr-replication", "asr-plan", "asr-last-test", "quota", "permissions", "vm-known-bad"];

const planPattern = /\/replicationRecoveryPlans\/[^/]+$/i;
const networkPattern = /\/Microsoft\.Network\/virtualNetworks\/[^/]+$/i;

type Step = { readonly kind: "action" | "check"; readonly type: string; readonly title: string; readonly input: Json };

/** Reads a runbook's steps with its parameters put in. A step that waits for an answer of the drill is left out. */
export function needsOf(runbook: Runbook, params: Readonly<Record<string, string>>): Needs {
  const steps = runbook.steps.flatMap((step): readonly Step[] => {
    if (step.kind !== "action" && step.kind !== "check") return [];
    try {
      return [{ kind: step.kind, type: step.type, title: step.title, input: fill(step.input, params) }];
    } catch {
      return [];
    }
  });
  const ids = [...new Set(steps.flatMap((step) => idsIn(step.input)))];
  return { checks: [...own(steps), ...implied(steps)], types: [...new Set(steps.map((step) => step.type))], ids, plans: ids.filter((id) => planPattern.test(id)) };
}

function own(steps: readonly Step[]): Needs["checks"] {
  return steps.filter((step) => step.kind === "check" && early.includes(step.type)).map(({ type, title, input }) => ({ type, title, input }));
}

/** Room for every plan that is failed over, and isolation of every network that test servers are put into. */
function implied(steps: readonly Step[]): Needs["checks"] {
  const starting = steps.filter((step) => step.kind === "action" && step.type.endsWith("failover"));
  const plans = [...new Set(starting.flatMap((step) => idsIn(step.input).filter((id) => planPattern.test(id))))];
  const testing = starting.filter((step) => step.type === "asr-test-failover");
  const networks = [...new Set(testing.flatMap((step) => idsIn(step.input).filter((id) => networkPattern.test(id))))];
  return [
    ...plans.filter((plan) => !steps.some((step) => step.type === "quota" && idsIn(step.input).includes(plan))).map((plan) => ({ type: "quota", title: `Room for ${armName(plan)}`, input: { plan, ...(networks.length === 1 && { network: networks[0] ?? "" }) } })),
    ...networks.map((network) => ({ type: "network-isolation", title: `Isolation of ${armName(network)}`, input: { network, allow: allowedFor(network, steps) } })),
  ];
}

/** The exceptions that the runbook's own check makes for this network. */
function allowedFor(network: string, steps: readonly Step[]): Json {
  const step = steps.find((one) => one.type === "network-isolation" && idsIn(one.input).some((id) => id.toLowerCase() === network.toLowerCase()));
  return step !== undefined && isRecord(step.input) ? (step.input["allow"] ?? []) : [];
}

function idsIn(input: Json): readonly string[] {
  if (typeof input === "string") return /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+/i.test(input) ? [input] : [];
  if (input === null || typeof input !== "object") return [];
  return Object.values(input).flatMap((part: Json) => idsIn(part));
}
