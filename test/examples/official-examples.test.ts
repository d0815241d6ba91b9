import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Json } from "../../src/runbooks/runbook.ts";
import type { Estate } from "../../src/simulator/estate.ts";
import { payroll } from "../../src/simulator/estates/payroll.ts";
import { startSimulator } from "../../src/simulator/start.ts";
import type { Simulator } from "../../src/simulator/start.ts";
import { handClock } from "../integration/azure/rehearsal.ts";
import { differences, wordsOf } from "./shape.ts";

// A folder of official examples ({"responses": {"200": {"body": …}}}, file name = operation id); never part of the project.
const folder = process.env["DRILLBOOK_ASR_EXAMPLES"] ?? "";
// A bot that other tests of this process start must not inherit it: a DRILLBOOK_ setting that it does not know stops it.
delete process.env["DRILLBOOK_ASR_EXAMPLES"];

const example = z.object({ operationId: z.string().optional(), responses: z.record(z.string(), z.object({ body: z.json().optional() }).nullable()) });

/** A file of the folder: what it is an example of, and the bodies that Azure answers there; `why` says that it is none. */
type Official = { readonly file: string; readonly operation: string; readonly bodies: readonly Json[]; readonly why: string };

/** Words that the simulator uses and no example has, each with where it is written. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  state: ["NotStarted", "InProgress", "Succeeded", "Failed", "Cancelled", "Suspended", "Enabled", "Paired"], // descriptions of Job.state and of mappings in the specification
  stateDescription: ["NotStarted", "InProgress", "Completed", "Failed", "Cancelled", "PartiallySucceeded"], // description of Job.stateDescription; filter values of Azure PowerShell
  protectionState: ["Protected", "PlannedFailoverCommitRequired", "PlannedFailoverStatesBegin", "UnplannedFailoverCommitPendingStatesBegin", "UnplannedFailoverStatesBegin"], // examples of the specification; the last guessed
  protectionStateDescription: ["Protected", "Cleanup test failover pending", "Failover completed", "Planned failover finished", "Planned failover committed", "Failover committed"], // likewise
  testFailoverState: ["None", "WaitingForCompletion", "MarkedForDeletion"], // examples of the specification
  testFailoverStateDescription: ["None", "Waiting for user input", "Cleaning up test environment"], // likewise
  activeLocation: ["Primary", "Recovery"], // specification
  replicationHealth: ["None", "Normal", "Warning", "Critical"], // SDK's types
  health: ["None", "Normal", "Warning", "Critical"],
  groupType: ["Shutdown", "Boot", "Failover"], // SDK's types
  failoverDeploymentModel: ["NotApplicable", "Classic", "ResourceManager"], // SDK's types
  recoveryPointType: ["CrashConsistent", "ApplicationConsistent"], // examples and documentation
  // Types of resources are the paths of their operations, in the examples of all of them and where one leaves them out.
  type: [
    "replicationJobs", "replicationPolicies", "replicationEvents", "replicationAlertSettings", "replicationVaultSettings", "replicationRecoveryPlans", "replicationProtectionContainers", "replicationVaultHealth", "replicationFabrics",
    ...["replicationNetworks", "replicationNetworks/replicationNetworkMappings", "replicationRecoveryServicesProviders", "replicationProtectionContainers", "replicationProtectionContainers/replicationProtectionContainerMappings", "replicationProtectionContainers/replicationProtectedItems", "replicationProtectionContainers/replicationProtectedItems/recoveryPoints", "replicationProtectionContainers/replicationProtectedItems/targetComputeSizes"].map((one) => `replicationFabrics/${one}`),
  ].map((one) => `Microsoft.RecoveryServices/vaults/${one}`),
  "allowedOperations[]": ["ReverseReplicate", "Commit", "PlannedFailover", "UnplannedFailover", "DisableProtection", "TestFailover", "TestFailoverCleanup", "Failback", "FinalizeFailback", "CancelFailover", "ChangePit", "RepairReplication", "SwitchProtection", "CompleteMigration"], // known set in the SDK's types
  "allowedActions[]": ["Cancel"], // specification of Job.allowedActions
  taskType: ["GroupTaskDetails", "VirtualMachineTaskDetails", "TaskDetails"], // SDK's types
  targetInstanceType: ["ProtectionEntity", "RecoveryPlan"],
  pairingStatus: ["Paired"], // specification
  currentScenarioStatus: ["NotStarted", "InProgress", "Failed", "Succeeded", "Suspended"],
  currentScenarioStatusDescription: ["NotStarted", "InProgress", "Failed", "PartiallySucceeded", "Completed", "WaitingForStopTestFailover"],
  severity: ["OK", "Warning", "Error", "Critical"],
};

/** Places where ours differs on purpose, each with its reason. */
const apart = new Set([
  // The one official example gives a plain task the details of a manual action; recordings have null.
  "properties.tasks[].customDetails.instanceType",
]);

const hyperV: Estate = { ...payroll, vaults: payroll.vaults.map((vault) => ({ ...vault, provider: "HyperVReplicaAzure" as const })) };
const vaultPath = `/subscriptions/${payroll.subscription}/resourceGroups/rg-dr/providers/Microsoft.RecoveryServices/vaults/rsv-payroll`;
const planPath = `${vaultPath}/replicationRecoveryPlans/rp-payroll`;

describe("the simulator beside official examples", function () {
  before(function () {
    if (folder !== "" && existsSync(folder)) return;
    console.warn("      SKIPPED: set DRILLBOOK_ASR_EXAMPLES to a folder of official Site Recovery examples to compare the simulator with them.");
    this.skip();
  });

  const files = folder !== "" && existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json")).toSorted().map(officialIn) : [];
  const known = merged(wordsOf(files.flatMap(({ bodies }) => bodies)));
  const uncompared: string[] = [];
  after(() => {
    if (uncompared.length > 0) console.warn(`\n      NOT COMPARED, ${uncompared.length} of ${files.length} files:\n${uncompared.map((one) => `        ${one}`).join("\n")}\n`);
  });
  for (const { file, operation, bodies, why } of files) {
    it(file === `${operation}.json` ? operation : `${operation} (${file})`, async function () {
      const ask = answers[operation.toLowerCase()];
      if (ask === undefined || bodies.length === 0) {
        uncompared.push(`${file}: ${why || (bodies.length === 0 ? "it has no body to compare" : `${operation} is not simulated`)}`);
        return this.skip();
      }
      const ours = await answered(ask);
      const found = bodies.flatMap((body) => differences(body, ours, known)).filter((one) => !apart.has(one.place));
      assert.deepEqual(found.map((one) => one.text), []);
    });
  }

  it("compares something", function () {
    if (files.length === 0) return this.skip();
    assert.ok(files.some(({ operation, bodies }) => bodies.length > 0 && answers[operation.toLowerCase()] !== undefined), "no file of the folder is named after an operation that the simulator has");
  });
});

/** How each operation's answer is had of the simulator: what happens before, then one GET. */
type Ask = { readonly before: readonly string[]; readonly get: (item: string, job: string) => string; /** The first of the list that is answered: what is had by its name. */ readonly first?: boolean };

const item = (...before: readonly string[]): Ask => ({ before: before.map((one) => `item ${one}`), get: (path) => path });
const plan = (...before: readonly string[]): Ask => ({ before: before.map((one) => `plan ${one}`), get: () => planPath });
const inVault = (what: string, ...before: readonly string[]): Ask => ({ before, get: () => `${vaultPath}/${what}` });
const job = (...before: readonly string[]): Ask => ({ before, get: (_, id) => `${vaultPath}/replicationJobs/${id}` });

const answers: Readonly<Record<string, Ask>> = Object.fromEntries(
  Object.entries<Ask>({
    ReplicationProtectedItems_Get: item(),
    ReplicationProtectedItems_List: inVault("replicationProtectedItems"),
    ReplicationProtectedItems_TestFailover: item("testFailover"),
    ReplicationProtectedItems_TestFailoverCleanup: item("plannedFailover", "failoverCommit", "plannedFailover", "failoverCommit", "reProtect", "testFailover", "testFailoverCleanup"),
    ReplicationProtectedItems_PlannedFailover: item("testFailover", "testFailoverCleanup", "plannedFailover"),
    ReplicationProtectedItems_UnplannedFailover: item("testFailover", "testFailoverCleanup", "unplannedFailover"),
    ReplicationProtectedItems_FailoverCommit: item("testFailover", "testFailoverCleanup", "plannedFailover", "failoverCommit"),
    ReplicationProtectedItems_FailoverCancel: item("testFailover", "testFailoverCleanup", "plannedFailover", "failoverCommit", "plannedFailover", "failoverCancel"),
    ReplicationProtectedItems_Reprotect: item("testFailover", "testFailoverCleanup", "plannedFailover", "failoverCommit", "plannedFailover", "failoverCommit", "reProtect"),
    ReplicationProtectedItems_ListByReplicationProtectionContainers: { before: [], get: (path) => path.replace(/\/[^/]+$/, "") },
    RecoveryPoints_ListByReplicationProtectedItems: { before: [], get: (path) => `${path}/recoveryPoints` },
    ReplicationRecoveryPlans_Get: plan(),
    ReplicationRecoveryPlans_List: inVault("replicationRecoveryPlans", "plan plannedFailover", "plan failoverCommit", "plan testFailover", "plan testFailoverCleanup"),
    ReplicationRecoveryPlans_TestFailover: plan("plannedFailover", "failoverCommit", "plannedFailover", "failoverCommit", "reProtect", "testFailover"),
    ReplicationRecoveryPlans_TestFailoverCleanup: plan("plannedFailover", "failoverCommit", "plannedFailover", "failoverCommit", "reProtect", "testFailover", "testFailoverCleanup"),
    ReplicationRecoveryPlans_PlannedFailover: plan("testFailover", "testFailoverCleanup", "plannedFailover"),
    ReplicationRecoveryPlans_UnplannedFailover: plan("testFailover", "testFailoverCleanup", "plannedFailover", "failoverCommit", "plannedFailover", "failoverCommit", "reProtect", "unplannedFailover"),
    ReplicationRecoveryPlans_FailoverCommit: plan("testFailover", "testFailoverCleanup", "plannedFailover", "failoverCommit"),
    ReplicationRecoveryPlans_Reprotect: plan("testFailover", "testFailoverCleanup", "plannedFailover", "failoverCommit", "plannedFailover", "failoverCommit", "reProtect"),
    ReplicationJobs_Get: job("plan testFailover"),
    ReplicationJobs_List: inVault("replicationJobs", "plan testFailover"),
    ReplicationJobs_Cancel: job("plan plannedFailover", "cancel"),
    ReplicationJobs_Resume: job("item testFailover"),
    ReplicationEvents_List: inVault("replicationEvents", "failing plan testFailover"),
    ReplicationFabrics_List: inVault("replicationFabrics"),
    ReplicationProtectionContainers_List: inVault("replicationProtectionContainers"),
    ReplicationNetworks_List: inVault("replicationNetworks"),
    ReplicationVaultHealth_Get: inVault("replicationVaultHealth"),
    ReplicationVaultHealth_Refresh: inVault("replicationVaultHealth"),
    // What these make or change is the same resource, which is what their 200 and 201 answer.
    ReplicationRecoveryPlans_Create: plan(),
    ReplicationRecoveryPlans_Update: plan(),
    ReplicationRecoveryPlans_FailoverCancel: plan("testFailover", "testFailoverCleanup", "plannedFailover", "failoverCommit", "plannedFailover", "failoverCancel"),
    ReplicationProtectedItems_Update: item(),
    ReplicationProtectedItems_Create: item(),
    ReplicationProtectedItems_ApplyRecoveryPoint: item("unplannedFailover", "applyRecoveryPoint"),
    ReplicationProtectedItems_UpdateMobilityService: item(),
    ReplicationProtectedItems_RepairReplication: item(),
    RecoveryPoints_Get: { before: [], get: (path) => `${path}/recoveryPoints`, first: true },
    TargetComputeSizes_ListByReplicationProtectedItems: { before: [], get: (path) => `${path}/targetComputeSizes` },
    ReplicationEvents_Get: { ...inVault("replicationEvents", "failing plan testFailover"), first: true },
    ReplicationFabrics_Get: { ...inVault("replicationFabrics"), first: true },
    ReplicationProtectionContainers_Get: { before: [], get: (path) => path.replace(/\/replicationProtectedItems\/[^/]+$/, "") },
    ReplicationProtectionContainers_ListByReplicationFabrics: { before: [], get: (path) => path.replace(/\/[^/]+\/replicationProtectedItems\/[^/]+$/, "") },
    ReplicationNetworks_Get: { ...inVault("replicationNetworks"), first: true },
    ReplicationNetworks_ListByReplicationFabrics: inVault("replicationNetworks"),
    ReplicationNetworkMappings_List: inVault("replicationNetworkMappings"),
    ReplicationNetworkMappings_Get: { ...inVault("replicationNetworkMappings"), first: true },
    ReplicationNetworkMappings_ListByReplicationNetworks: inVault("replicationNetworkMappings"),
    ReplicationPolicies_List: inVault("replicationPolicies"),
    ReplicationPolicies_Get: { ...inVault("replicationPolicies"), first: true },
    ReplicationProtectionContainerMappings_List: inVault("replicationProtectionContainerMappings"),
    ReplicationProtectionContainerMappings_Get: { ...inVault("replicationProtectionContainerMappings"), first: true },
    ReplicationProtectionContainerMappings_ListByReplicationProtectionContainers: inVault("replicationProtectionContainerMappings"),
    ReplicationRecoveryServicesProviders_List: inVault("replicationRecoveryServicesProviders"),
    ReplicationRecoveryServicesProviders_Get: { ...inVault("replicationRecoveryServicesProviders"), first: true },
    ReplicationRecoveryServicesProviders_ListByReplicationFabrics: inVault("replicationRecoveryServicesProviders"),
    ReplicationAlertSettings_List: inVault("replicationAlertSettings"),
    ReplicationAlertSettings_Get: { ...inVault("replicationAlertSettings"), first: true },
    ReplicationVaultSetting_List: inVault("replicationVaultSettings"),
    ReplicationVaultSetting_Get: { ...inVault("replicationVaultSettings"), first: true },
    ReplicationJobs_Restart: job("item testFailover"),
    ReplicationProtectionContainers_SwitchProtection: { before: [], get: (path) => path.replace(/\/replicationProtectedItems\/[^/]+$/, "") },
  }).map(([name, ask]) => [name.toLowerCase(), ask]),
);

async function answered({ before, get, first }: Ask): Promise<Json> {
  const { clock, passSeconds } = handClock();
  const simulator = await startSimulator({ estate: hyperV, pace: 1, knownScripts: new Set(), seed: "examples", clock });
  try {
    const itemPath = await firstItem(simulator);
    let jobId = "";
    for (const step of before) {
      if (step === "cancel") {
        passSeconds(-500);
        await asked(simulator, "POST", `${vaultPath}/replicationJobs/${jobId}/cancel`);
        continue;
      }
      const failing = step.startsWith("failing ");
      const error = { code: "499", message: "An internal error occurred.", possibleCauses: "Internal.", recommendedAction: "Retry." };
      if (failing) simulator.add({ kind: "server-fails", server: "web-01", error, jobEnds: "Failed", times: 1 });
      const [on, word = ""] = step.replace("failing ", "").split(" ");
      const response = await asked(simulator, "POST", `${on === "item" ? itemPath : planPath}/${word}`);
      assert.equal(response.status, 202, `${step}: ${response.text}`);
      jobId = /replicationOperationStatus\/([^?]+)/.exec(response.operation)?.[1] ?? "";
      passSeconds(before.at(-1) === "cancel" ? 510 : 600);
    }
    const answer = await asked(simulator, "GET", get(itemPath, jobId));
    assert.equal(answer.status, 200, answer.text);
    return first === true ? (z.object({ value: z.array(z.json()) }).parse(jsonOf(answer.text)).value[0] ?? null) : jsonOf(answer.text);
  } finally {
    await simulator.close();
  }
}

async function firstItem(simulator: Simulator): Promise<string> {
  const { text } = await asked(simulator, "GET", `${vaultPath}/replicationProtectedItems`);
  return z.object({ value: z.array(z.object({ id: z.string() })).min(1) }).parse(JSON.parse(text)).value[0]?.id ?? "";
}

async function asked(simulator: Simulator, method: string, path: string) {
  const response = await fetch(`${simulator.url}${path}?api-version=2023-06-01`, { method, headers: { authorization: "Bearer simulated" } });
  return { status: response.status, operation: response.headers.get("azure-asyncoperation") ?? "", text: await response.text() };
}

/** Whoever fills the folder may have put anything there: what is no example is told, and stops nothing. */
function officialIn(file: string): Official {
  // Newer files of the specification say of what they are an example, and some generated ones are named beside it.
  const named = (file.split(/[\\/]/).at(-1) ?? "").replace(/(?:_M(?:ax|in)imumSet(?:_Gen)?)?\.json$/, "");
  try {
    const { operationId, responses } = example.parse(JSON.parse(readFileSync(join(folder, file), "utf8").replace(/^\uFEFF/, "")));
    const bodies = Object.values(responses).flatMap((response) => (response?.body === undefined ? [] : [jsonOf(JSON.stringify(response.body))]));
    return { file, operation: operationId ?? named, bodies: bodies.filter((body) => body !== null && typeof body === "object"), why: "" };
  } catch (thrown) {
    return { file, operation: named, bodies: [], why: `it is no example (${(thrown instanceof Error ? thrown.message : "unreadable").split("\n")[0]})` };
  }
}

function jsonOf(text: string): Json {
  const json: Json = JSON.parse(text);
  return json;
}

function merged(words: ReadonlyMap<string, ReadonlySet<string>>): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map([...words].map(([field, set]) => [field, new Set([...set, ...(elsewhere[field] ?? [])])]));
}
