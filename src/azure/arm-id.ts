import { DrillbookError } from "../errors.ts";

/** A resource id taken apart: `types` and `names` alternate, outermost first (`vaults`, `replicationRecoveryPlans`). */
export type ArmId = {
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly provider: string;
  readonly types: readonly string[];
  readonly names: readonly string[];
};

export type VaultId = { readonly subscription: string; readonly resourceGroup: string; readonly vault: string };
export type PlanId = VaultId & { readonly plan: string };
export type JobId = VaultId & { readonly job: string };
export type ContainerId = VaultId & { readonly fabric: string; readonly container: string };
export type ItemId = ContainerId & { readonly item: string };
export type MachineId = { readonly subscription: string; readonly resourceGroup: string; readonly machine: string };

const subscriptionPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
// Letters of any alphabet, because Azure allows them in resource groups; nothing that means something in a URL.
const namePattern = /^[\p{L}\p{N}_][\p{L}\p{N}_.()-]{0,127}$/u;

/** Parses an ARM id strictly. Throws `bad-input` on anything that could reach another path than the one it names. */
export function parseArmId(text: string): ArmId {
  const [root, word, subscription, groups, resourceGroup, providers, provider, ...rest] = text.split("/");
  const spelled = word?.toLowerCase() === "subscriptions" && groups?.toLowerCase() === "resourcegroups" && providers?.toLowerCase() === "providers";
  const names = rest.filter((_, index) => index % 2 === 1);
  const types = rest.filter((_, index) => index % 2 === 0);
  const safe = [resourceGroup, provider, ...rest].every((part) => part !== undefined && namePattern.test(part) && !part.endsWith("."));
  if (root !== "" || !spelled || !safe || !subscriptionPattern.test(subscription ?? "") || names.length === 0 || names.length !== types.length) {
    throw notAnId(text, "an Azure resource");
  }
  return { subscription: subscription ?? "", resourceGroup: resourceGroup ?? "", provider: provider ?? "", types, names };
}

/** The id of a recovery plan. Throws `bad-input` when it is the id of something else. */
export function parsePlanId(text: string): PlanId {
  const [vault, [plan]] = inVault(text, ["replicationRecoveryPlans"], "a recovery plan");
  return { ...vault, plan: plan ?? "" };
}

/** The id of a Site Recovery job. Throws `bad-input` when it is the id of something else. */
export function parseJobId(text: string): JobId {
  const [vault, [job]] = inVault(text, ["replicationJobs"], "a Site Recovery job");
  return { ...vault, job: job ?? "" };
}

/** The id of a protected server. Throws `bad-input` when it is the id of something else. */
export function parseItemId(text: string): ItemId {
  const types = ["replicationFabrics", "replicationProtectionContainers", "replicationProtectedItems"];
  const [vault, [fabric, container, item]] = inVault(text, types, "a protected server");
  return { ...vault, fabric: fabric ?? "", container: container ?? "", item: item ?? "" };
}

/** The container of a protected server, by the server's id. Throws `bad-input` when it is the id of something else. */
export function parseContainerOfItem(text: string): ContainerId {
  const { item: _, ...container } = parseItemId(text);
  return container;
}

/** Whether a text is the id of a recovery plan; false also for what is no id at all. */
export function isPlanId(text: string): boolean {
  return /\/replicationRecoveryPlans\/[^/]+$/i.test(text);
}

/** The vault that something lies in, by its id. Throws `bad-input` when it lies in none. */
export function parseVaultOf(text: string): VaultId {
  const id = parseArmId(text);
  const [vault] = id.names;
  if (!sameId(id.provider, "Microsoft.RecoveryServices") || !sameId(id.types[0] ?? "", "vaults") || vault === undefined) throw notAnId(text, "something in a Recovery Services vault");
  return { subscription: id.subscription, resourceGroup: id.resourceGroup, vault };
}

/** The id of a vault. Throws `bad-input` when it is the id of something else. */
export function parseVaultId(text: string): VaultId {
  return inVault(text, [], "a Recovery Services vault")[0];
}

/** The id of a virtual machine. Throws `bad-input` when it is the id of something else. */
export function parseMachineId(text: string): MachineId {
  const id = parseArmId(text);
  const [machine, ...inner] = id.names;
  if (!hasType(id, "Microsoft.Compute", ["virtualMachines"]) || machine === undefined || inner.length > 0) {
    throw notAnId(text, "a virtual machine");
  }
  return { subscription: id.subscription, resourceGroup: id.resourceGroup, machine };
}

/** The id of an Arc machine. Throws `bad-input` when it is the id of something else. */
export function parseArcMachineId(text: string): MachineId {
  const id = parseArmId(text);
  const [machine, ...inner] = id.names;
  if (!isArcMachineId(text) || machine === undefined || inner.length > 0) throw notAnId(text, "an Arc machine");
  return { subscription: id.subscription, resourceGroup: id.resourceGroup, machine };
}

/** Whether the id is of a machine outside Azure, which runs scripts another way. Throws `bad-input` when the text is no resource id. */
export function isArcMachineId(text: string): boolean {
  return hasType(parseArmId(text), "Microsoft.HybridCompute", ["machines"]);
}

/** The id of a virtual network, as it came. Throws `bad-input` when it is the id of something else. */
export function assertNetworkId(text: string): string {
  if (!hasType(parseArmId(text), "Microsoft.Network", ["virtualNetworks"])) throw notAnId(text, "a virtual network");
  return text;
}

/** The full id of a job in the vault of `place`. */
export function jobIdIn(place: VaultId, job: string): string {
  return `${vaultPath(place)}/replicationJobs/${job}`;
}

/** Azure spells one id in several ways (`/Subscriptions/…`): ids are equal when they differ in case alone. */
export function sameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function vaultPath({ subscription, resourceGroup, vault }: VaultId): string {
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.RecoveryServices/vaults/${vault}`;
}

function inVault(text: string, types: readonly string[], what: string): readonly [VaultId, readonly string[]] {
  const id = parseArmId(text);
  const [vault, ...inner] = id.names;
  if (!hasType(id, "Microsoft.RecoveryServices", ["vaults", ...types]) || vault === undefined) throw notAnId(text, what);
  return [{ subscription: id.subscription, resourceGroup: id.resourceGroup, vault }, inner];
}

function hasType(id: ArmId, provider: string, types: readonly string[]): boolean {
  return sameId(id.provider, provider) && sameId(id.types.join("/"), types.join("/"));
}

function notAnId(text: string, what: string): DrillbookError {
  const shown = text.length > 120 ? `${text.slice(0, 120)}…` : text;
  return new DrillbookError("bad-input", `"${shown}" is not the id of ${what}.`, `Copy the resource id of ${what} from the Azure portal (Properties, Resource ID).`);
}
