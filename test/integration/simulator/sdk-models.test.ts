import assert from "node:assert/strict";
import { z } from "zod";
import { fieldsOf } from "../../../src/simulator/arm-answer.ts";
import type { Estate } from "../../../src/simulator/estate.ts";
import { payroll } from "../../../src/simulator/estates/payroll.ts";
import { startSimulator } from "../../../src/simulator/start.ts";
import type { Simulator } from "../../../src/simulator/start.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { handClock } from "../azure/rehearsal.ts";

// The SDK's own description of every field: written by others, and there without any folder of examples.
type Field = { readonly serializedName: string; readonly type: FieldType };
type FieldType = { readonly name: string; readonly className?: string; readonly element?: { readonly type: FieldType }; readonly polymorphicDiscriminator?: { readonly serializedName: string }; readonly modelProperties?: Readonly<Record<string, Field>>; readonly uberParent?: string };
const described: z.ZodType<Field> = z.custom<Field>((value) => typeof value === "object" && value !== null);
const models = z.record(z.string(), z.unknown()).parse(await import(import.meta.resolve("@azure/arm-recoveryservices-siterecovery").replace(/dist\/.*$/, "dist-esm/src/models/mappers.js")));
const discriminators = z.record(z.string(), described).parse(models["discriminators"]);

const vault = `/subscriptions/${payroll.subscription}/resourceGroups/rg-dr/providers/Microsoft.RecoveryServices/vaults/rsv-payroll`;
const plan = `${vault}/replicationRecoveryPlans/rp-payroll`;
const error = { code: "499", message: "An internal error occurred.", possibleCauses: "Internal.", recommendedAction: "Retry." };

/** Where each kind of answer is had, and what the SDK calls it. */
const lists: readonly (readonly [string, string])[] = [
  ["replicationProtectedItems", "ReplicationProtectedItem"], ["replicationRecoveryPlans", "RecoveryPlan"], ["replicationJobs", "Job"], ["replicationEvents", "Event"],
  ["replicationFabrics", "Fabric"], ["replicationProtectionContainers", "ProtectionContainer"], ["replicationNetworks", "Network"], ["replicationPolicies", "Policy"],
  ["replicationProtectionContainerMappings", "ProtectionContainerMapping"], ["replicationNetworkMappings", "NetworkMapping"], ["replicationRecoveryServicesProviders", "RecoveryServicesProvider"],
  ["replicationAlertSettings", "Alert"], ["replicationVaultSettings", "VaultSetting"],
];

describe("the simulator beside the SDK's own models", () => {
  for (const provider of ["A2A", "HyperVReplicaAzure"] as const) {
    describe(provider, () => {
      const estate: Estate = { ...payroll, vaults: payroll.vaults.map((one) => ({ ...one, provider })) };
      const hand = handClock();
      let simulator: Simulator;
      before(async () => {
        simulator = await startSimulator({ estate, pace: 1, knownScripts: new Set(), seed: "models", clock: hand.clock });
      });
      after(() => simulator.close());

      it("has no field that the SDK does not know, and none of another type, before, during and after a test failover that fails in part", async () => {
        const wrong = new Set<string>();
        await lookAtAll(wrong);
        simulator.add({ kind: "server-fails", server: "web-02", error, jobEnds: "PartiallySucceeded", times: 1 });
        await ask("POST", `${plan}/testFailover`);
        for (const seconds of [1, 60, 400]) {
          hand.passSeconds(seconds);
          await lookAtAll(wrong);
        }
        await ask("POST", `${plan}/testFailoverCleanup`);
        hand.passSeconds(300);
        await ask("POST", `${plan}/unplannedFailover`);
        hand.passSeconds(600);
        await lookAtAll(wrong);
        assert.deepEqual([...wrong], []);
      });

      const ask = async (method: string, path: string): Promise<Json> => {
        const answer = await fetch(`${simulator.url}${path}?api-version=2023-06-01`, { method, headers: { authorization: "Bearer x" } });
        assert.ok(answer.status < 300, `${method} ${path}: ${answer.status}`);
        const text = await answer.text();
        return text === "" ? null : json(text);
      };
      const lookAtAll = async (wrong: Set<string>): Promise<void> => {
        for (const [path, model] of lists) {
          for (const one of members(await ask("GET", `${vault}/${path}`))) compare(one, named(model), model, wrong);
        }
        const [item] = members(await ask("GET", `${vault}/replicationProtectedItems`));
        const itemPath = String(fieldsOf(item)["id"]);
        for (const point of members(await ask("GET", `${itemPath}/recoveryPoints`))) compare(point, named("RecoveryPoint"), "RecoveryPoint", wrong);
        for (const size of members(await ask("GET", `${itemPath}/targetComputeSizes`))) compare(size, named("TargetComputeSize"), "TargetComputeSize", wrong);
        compare(await ask("GET", `${vault}/replicationVaultHealth`), named("VaultHealthDetails"), "VaultHealthDetails", wrong);
        for (const job of members(await ask("GET", `${vault}/replicationJobs`))) compare(await ask("GET", String(fieldsOf(job)["id"])), named("Job"), "Job", wrong);
      };
    });
  }
});

function named(model: string): FieldType {
  return described.parse(models[model] ?? models[`${model}Model`]).type;
}

function compare(value: Json, type: FieldType, place: string, wrong: Set<string>): void {
  if (value === null) return;
  switch (type.name) {
    case "Sequence":
      if (!isList(value)) return void wrong.add(`${place} is no list`);
      if (type.element !== undefined) for (const one of value) compare(one, type.element.type, `${place}[]`, wrong);
      return;
    case "Composite":
      return compareFields(value, type, place, wrong);
    case "Dictionary":
    case "any":
      return;
    case "DateTime":
      if (typeof value !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value)) wrong.add(`${place} is no moment`);
      return;
    case "Number":
      if (typeof value !== "number") wrong.add(`${place} is no number`);
      return;
    case "Boolean":
      if (typeof value !== "boolean") wrong.add(`${place} is no truth`);
      return;
    default:
      if (typeof value !== "string") wrong.add(`${place} is no text`);
  }
}

function compareFields(value: Json, { className = "" }: FieldType, place: string, wrong: Set<string>): void {
  const base = named(className);
  const { polymorphicDiscriminator } = base;
  const kind = polymorphicDiscriminator === undefined ? undefined : fieldsOf(value)[polymorphicDiscriminator.serializedName];
  const type = typeof kind === "string" ? (discriminators[`${base.uberParent ?? className}.${kind}`]?.type ?? ofBelow(base, kind)) : base;
  if (type === undefined) return void wrong.add(`${place} is of the unknown kind ${String(kind)}`);
  const known = new Map(Object.values(type.modelProperties ?? {}).map((field) => [field.serializedName, field.type]));
  for (const [name, one] of Object.entries(fieldsOf(value))) {
    const field = known.get(name);
    if (field === undefined) wrong.add(`${place}.${name} is not known`);
    else compare(one, field, `${place}.${name}`, wrong);
  }
}

/** A kind may stand below another: details of a virtual machine are details of a job. */
function ofBelow(base: FieldType, kind: string): FieldType | undefined {
  const root = base.uberParent ?? base.className ?? "";
  return Object.entries(discriminators).find(([name, { type }]) => name.endsWith(`.${kind}`) && (type.uberParent === root || discriminators[`${root}.${type.uberParent}`] !== undefined))?.[1].type;
}

function members(answer: Json): readonly Json[] {
  const { value } = fieldsOf(answer);
  return value !== undefined && isList(value) ? value : [];
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function json(text: string): Json {
  const value: Json = JSON.parse(text);
  return value;
}
