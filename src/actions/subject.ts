import { z } from "zod";
import type { ProtectedServer, RecoveryPlan, Scenario } from "../checks/ports.ts";
import { digestOf } from "../drills/digest.ts";
import type { Look } from "../drills/ports.ts";
import { recoveryPlanId } from "../runbooks/resource-id.ts";
import { planDigest } from "./plan-digest.ts";
import type { SiteRecoveryReader } from "./ports.ts";

const item = /^\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.RecoveryServices\/vaults\/[^/\s]+\/replicationFabrics\/[^/\s]+\/replicationProtectionContainers\/[^/\s]+\/replicationProtectedItems\/[^/\s?#]+$/i;

const protectedItemId = z.string().max(1000).regex(item, { error: "Give the protected server's Azure resource id (/subscriptions/…/replicationProtectedItems/name)." });

/** What an action on Site Recovery is about: a recovery plan, or one protected server. */
export const targetKeys = { plan: recoveryPlanId.optional(), item: protectedItemId.optional() };
export type TargetKeys = { readonly plan?: string | undefined; readonly item?: string | undefined };

/** The rule that goes with `targetKeys`. */
export const oneTarget = [(input: TargetKeys): boolean => (input.plan === undefined) !== (input.item === undefined), { error: "Give either plan (a recovery plan) or item (one protected server)." }] as const;

/** The id of what the action is about. */
export function targetOf({ plan, item: server }: TargetKeys): string {
  return plan ?? server ?? "";
}

/** The target again, as the input of another action on it. */
export function sameTarget({ plan, item: server }: TargetKeys): { readonly plan: string } | { readonly item: string } {
  return plan === undefined ? { item: server ?? "" } : { plan };
}

/** A recovery plan or a single protected server as Azure shows it now. */
export type Subject = {
  readonly id: string;
  readonly kind: "plan" | "item";
  readonly name: string;
  readonly providers: readonly string[];
  readonly allowedOperations: readonly string[];
  readonly scenario: Scenario | null;
  readonly scenarioStatus: string;
  /** Over what an approver approves of it: see `planDigest`. */
  readonly digest: string;
  /** Where a plan stops for people, in its order. */
  readonly manualActions: readonly { readonly name: string; readonly failoverTypes: readonly string[]; readonly text: string }[];
  readonly servers: readonly ProtectedServer[];
};

/** Reads a target and its servers: two requests for a plan whose servers lie in one container, one for a single server. */
export async function readSubject(reader: SiteRecoveryReader, target: TargetKeys, look: Look): Promise<Subject> {
  if (target.plan === undefined) return ofServer(await reader.server(target.item ?? "", look));
  const plan = await reader.plan(target.plan, look);
  return ofPlan(plan, await reader.serversOf(plan, look));
}

function ofPlan(plan: RecoveryPlan, servers: readonly ProtectedServer[]): Subject {
  const { id, name, providers, allowedOperations, scenario, scenarioStatus } = plan;
  const manualActions = plan.groups.flatMap((group) => group.actions.flatMap(({ name: called, failoverTypes, manual }) => (manual === undefined ? [] : [{ name: called, failoverTypes, text: manual }])));
  return { id, kind: "plan", name, providers, allowedOperations, scenario, scenarioStatus, digest: planDigest(plan), manualActions, servers };
}

function ofServer(server: ProtectedServer): Subject {
  const { id, name, provider, allowedOperations, scenario } = server;
  return { id, kind: "item", name, providers: [provider], allowedOperations, scenario, scenarioStatus: "", digest: digestOf({ server: id.toLowerCase(), provider }), manualActions: [], servers: [server] };
}
