import type { Check, Clock } from "../../drills/ports.ts";
import type { CheckFacts } from "../../runbooks/catalogue.ts";
import type { ScriptRunner } from "../ports.ts";
import type { ShippedScript } from "../shipped-script.ts";
import { clusterNodes } from "./cluster-nodes.ts";
import { clusterValidation } from "./cluster-validation.ts";
import { diskspd } from "./diskspd.ts";
import { fieldCheck, fieldCheckFacts } from "./field-check.ts";
import { hotfixes } from "./hotfixes.ts";
import { hypervBackup } from "./hyperv-backup.ts";
import { hypervReplica } from "./hyperv-replica.ts";
import { kubernetes } from "./kubernetes.ts";
import { scriptOf } from "./tool.ts";
import { storageJobs } from "./storage-jobs.ts";
import { volumes } from "./volumes.ts";
import { vssWriters } from "./vss-writers.ts";

/** Every tool of the field there is, for the catalogue. */
export const fieldFacts: readonly CheckFacts[] = [
  fieldCheckFacts(clusterNodes),
  fieldCheckFacts(clusterValidation),
  fieldCheckFacts(diskspd),
  fieldCheckFacts(hotfixes),
  fieldCheckFacts(hypervBackup),
  fieldCheckFacts(hypervReplica),
  fieldCheckFacts(kubernetes),
  fieldCheckFacts(storageJobs),
  fieldCheckFacts(volumes),
  fieldCheckFacts(vssWriters),
];

/** The same as checks, with hands to run their scripts. */
export function fieldChecks(parts: { readonly scripts: ScriptRunner; readonly clock: Clock }): readonly Check[] {
  return [
    fieldCheck(clusterNodes, parts),
    fieldCheck(clusterValidation, parts),
    fieldCheck(diskspd, parts),
    fieldCheck(hotfixes, parts),
    fieldCheck(hypervBackup, parts),
    fieldCheck(hypervReplica, parts),
    fieldCheck(kubernetes, parts),
    fieldCheck(storageJobs, parts),
    fieldCheck(volumes, parts),
    fieldCheck(vssWriters, parts),
  ];
}

/** The shipped script of every tool that has one. */
export function fieldScripts(): readonly (ShippedScript & { readonly tool: string })[] {
  const tools = [clusterNodes, clusterValidation, diskspd, hotfixes, hypervBackup, hypervReplica, kubernetes, storageJobs, volumes, vssWriters];
  return tools.flatMap((tool) => {
    const script = scriptOf(tool);
    return script === null ? [] : [{ tool: tool.type, ...script }];
  });
}
