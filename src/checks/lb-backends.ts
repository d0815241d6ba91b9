import { z } from "zod";
import type { Check, Clock } from "../drills/ports.ts";
import type { CheckFacts } from "../runbooks/catalogue.ts";
import { readInput } from "../runbooks/read-input.ts";
import { oneOrMore } from "./endpoint.ts";
import { readable, redact } from "./http/show.ts";
import type { Backend, BalancerReader } from "./ports.ts";
import { observationOf } from "./rows.ts";
import type { CheckRow } from "./rows.ts";

const balancerId = /^\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.Network\/(?:loadBalancers|applicationGateways)\/[^/\s?#]+$/i;

const backendsInput = z.strictObject({
  balancer: z.string().max(1000).regex(balancerId, { error: "Give the resource id of a load balancer or an application gateway." }),
  /** Rules of a load balancer, or pools of a gateway; all of them unless said otherwise. */
  rules: z.preprocess(oneOrMore, z.array(z.string().min(1).max(200)).min(1).max(50)).optional(),
  /** How many backends of each rule must be up; all of them unless said otherwise. */
  atLeast: z.number().int().min(1).max(1000).optional(),
});

type Input = z.infer<typeof backendsInput>;

/** What the compiler knows of `check lb-backends`. */
export const lbBackendsFacts: CheckFacts = {
  type: "lb-backends",
  summary: "Azure's load balancer or application gateway takes its backends as up",
  schema: backendsInput,
  permissions: [
    "Microsoft.Network/loadBalancers/read",
    "Microsoft.Network/loadBalancers/loadBalancingRules/health/action",
    "Microsoft.Network/applicationGateways/backendhealth/action",
    "Microsoft.Network/locations/operationResults/read",
    "Microsoft.Network/locations/operations/read",
  ],
};

/** The check `lb-backends`: not what we think that the balancer sees, but what it says that it sees. */
export function lbBackendsCheck(parts: { readonly balancers: BalancerReader; readonly clock: Clock }): Check {
  return {
    facts: lbBackendsFacts,
    async observe(input, look) {
      const wanted = readInput(lbBackendsFacts.type, backendsInput, input);
      const all = await parts.balancers.backends(wanted.balancer, look);
      const rules = wanted.rules ?? [...new Set(all.map((one) => one.rule))];
      const rows = rules.flatMap((rule) => rowsOf(rule, all.filter((one) => isOf(one, rule)), wanted));
      const empty: CheckRow = { target: wanted.balancer.split("/").at(-1) ?? "", label: "backends", verdict: "unknown", status: "none", reason: "it has no rule with a backend" };
      return observationOf(rows.length === 0 ? [empty] : rows, "Azure", parts.clock(), rows.flatMap((row) => explain(row, wanted)), `${rows.length} of ${rows.length} up for the balancer`);
    },
  };
}

/** A pool's rule carries its settings behind the name. */
function isOf({ rule }: Backend, wanted: string): boolean {
  return rule.toLowerCase() === wanted.toLowerCase() || rule.toLowerCase().startsWith(`${wanted.toLowerCase()} · `);
}

function rowsOf(rule: string, backends: readonly Backend[], { atLeast }: Input): readonly CheckRow[] {
  if (backends.length === 0) return [{ target: rule, label: rule, verdict: "down", status: "none", reason: `${rule} has no backend` }];
  const up = backends.filter((one) => one.up).length;
  const enough = atLeast !== undefined && up >= atLeast;
  return backends.map((one) => {
    const reason = readable(redact(one.reason), 300);
    const down = one.up || enough ? null : `${one.address} is ${one.state.toLowerCase() || "not up"} for ${rule}${reason === "" ? "" : `: ${reason}`}`;
    return { target: one.address, label: rule, verdict: down === null ? "up" : "down", status: one.state, reason: down ?? (one.up ? one.state : `${one.state}, and ${up} of ${backends.length} are enough`), facts: { reason } };
  });
}

function explain(row: CheckRow, { balancer }: Input): readonly string[] {
  if (row.verdict !== "down") return [];
  const gateway = /\/applicationGateways\//i.test(balancer);
  if (row.status === "none") return [`${row.reason}: the test servers were not put into its pool, or it has been emptied.`];
  return [`${row.reason.replace(/\.$/, "")}. Ask it as the balancer does, from a test server: check http with as: ${gateway ? "azure-application-gateway" : "azure-load-balancer"}.`];
}
