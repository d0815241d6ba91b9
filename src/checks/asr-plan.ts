import { z } from "zod";
import type { Observation } from "../drills/events.ts";
import type { Check, Clock } from "../drills/ports.ts";
import type { CheckFacts } from "../runbooks/catalogue.ts";
import { readInput } from "../runbooks/read-input.ts";
import { recoveryPlanId, sameId } from "../runbooks/resource-id.ts";
import type { ProtectedServer, RecoveryPlan, ReplicationReader } from "./ports.ts";

const name = z.string().min(1).max(200);
const group = z.strictObject({
  /** Names of the servers that start together; their order does not matter. */
  servers: z.array(name).min(1).max(100),
  /** Names of the group's actions in their order, each with the kinds of failover that it runs in. */
  actions: z.array(z.strictObject({ name, failovers: z.array(z.enum(["TestFailover", "PlannedFailover", "UnplannedFailover"])).min(1).optional() })).max(20).default([]),
});
const planInput = z.strictObject({
  plan: recoveryPlanId,
  /** The boot groups in their order, as the runbook expects them. */
  groups: z.array(group).min(1).max(7),
});

const vault = "Microsoft.RecoveryServices/vaults";

export const asrPlanFacts: CheckFacts = {
  type: "asr-plan",
  summary: "The live recovery plan has the groups, order and actions that the runbook was written for",
  schema: planInput,
  permissions: [
    `${vault}/replicationRecoveryPlans/read`,
    `${vault}/replicationFabrics/replicationProtectionContainers/replicationProtectedItems/read`,
  ],
};

/** The check `asr-plan`: drift of the live plan. What the reader throws is passed on: nothing was observed then. */
export function asrPlanCheck(parts: { readonly reader: ReplicationReader; readonly clock: Clock }): Check {
  return {
    facts: asrPlanFacts,
    async observe(input, look) {
      const wanted = readInput(asrPlanFacts.type, planInput, input);
      const plan = await parts.reader.plan(wanted.plan, look);
      const servers = await parts.reader.servers(wanted.plan, look);
      return observation(plan, liveGroups(plan, servers), wanted.groups, parts.clock());
    },
  };
}

type Group = z.infer<typeof group>;
type LiveGroup = { readonly servers: readonly string[]; readonly actions: readonly { readonly name: string; readonly failovers: readonly string[] }[] };

/** Boot groups as the plan has them now. A member that the vault does not show keeps its id for a name. */
function liveGroups(plan: RecoveryPlan, servers: readonly ProtectedServer[]): readonly LiveGroup[] {
  const nameOf = (id: string) => servers.find((server) => sameId(server.id, id))?.name ?? id;
  return plan.groups.filter((one) => one.type === "Boot").map((one) => ({
    servers: one.servers.map(nameOf),
    actions: one.actions.map((action) => ({ name: action.name, failovers: action.failoverTypes })),
  }));
}

function observation(plan: RecoveryPlan, live: readonly LiveGroup[], wanted: readonly Group[], now: Date): Observation {
  const drift = [...countDrift(live, wanted), ...wanted.flatMap((one, index) => groupDrift(index, one, live)), ...strangers(live, wanted), ...otherGroups(plan)];
  const passed = drift.length === 0;
  return {
    verdict: passed ? "passed" : "failed",
    summary: passed ? `${plan.name} is as the runbook expects: ${live.length} groups` : `${plan.name} differs from the runbook in ${drift.length} place${drift.length === 1 ? "" : "s"}; ${drift[0] ?? ""}`,
    diagnosis: drift.map((text) => `${text}.`),
    result: { plan: plan.name, observedAt: now.toISOString(), groups: live.map(({ servers, actions }) => ({ servers: [...servers], actions: actions.map((one) => ({ name: one.name, failovers: [...one.failovers] })) })), drift },
  };
}

function countDrift(live: readonly LiveGroup[], wanted: readonly Group[]): readonly string[] {
  return live.length === wanted.length ? [] : [`the plan has ${live.length} boot groups, the runbook expects ${wanted.length}`];
}

function groupDrift(index: number, wanted: Group, live: readonly LiveGroup[]): readonly string[] {
  const here = live[index];
  const moved = wanted.servers.filter((server) => !has(here?.servers ?? [], server)).map((server) => {
    const found = live.findIndex((one) => has(one.servers, server));
    return found < 0 ? `${server} is not in the plan` : `${server} starts in group ${found + 1}, not in group ${index + 1}`;
  });
  return [...moved, ...(here === undefined ? [] : actionDrift(index, wanted, here))];
}

function actionDrift(index: number, wanted: Group, here: LiveGroup): readonly string[] {
  const expected = wanted.actions.map((one) => one.name);
  const found = here.actions.map((one) => one.name);
  if (expected.join("\n") !== found.join("\n")) return [`group ${index + 1} runs the actions ${found.join(", ") || "(none)"}, the runbook expects ${expected.join(", ") || "(none)"}`];
  return wanted.actions.flatMap((one, at) => {
    const kinds = here.actions[at]?.failovers.toSorted().join(", ") ?? "";
    return one.failovers === undefined || one.failovers.toSorted().join(", ") === kinds ? [] : [`action ${one.name} runs in ${kinds || "no kind of failover"}, the runbook expects ${one.failovers.toSorted().join(", ")}`];
  });
}

function strangers(live: readonly LiveGroup[], wanted: readonly Group[]): readonly string[] {
  const known = wanted.flatMap((one) => one.servers);
  return live.flatMap((one, index) => one.servers.filter((server) => !has(known, server)).map((server) => `${server} is in group ${index + 1} of the plan and not in the runbook`));
}

/** Actions outside of boot groups (before shutdown, at failover) would run unseen by the runbook. */
function otherGroups(plan: RecoveryPlan): readonly string[] {
  return plan.groups.filter((one) => one.type !== "Boot").flatMap((one) => one.actions.map((action) => `action ${action.name} stands at the group ${one.type}, which the runbook does not know`));
}

function has(names: readonly string[], wanted: string): boolean {
  return names.some((one) => one.toLowerCase() === wanted.toLowerCase());
}
