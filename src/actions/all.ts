import type { Action } from "../drills/ports.ts";
import type { ActionFacts } from "../runbooks/catalogue.ts";
import { asrFailoverCancel, asrFailoverCancelFacts } from "./asr-failover-cancel.ts";
import { asrFailoverCommit, asrFailoverCommitFacts } from "./asr-failover-commit.ts";
import { asrPlannedFailover, asrPlannedFailoverFacts } from "./asr-planned-failover.ts";
import { asrReprotect, asrReprotectFacts } from "./asr-reprotect.ts";
import { asrTestFailover, asrTestFailoverFacts } from "./asr-test-failover.ts";
import { asrTestFailoverCleanup, asrTestFailoverCleanupFacts } from "./asr-test-failover-cleanup.ts";
import { asrUnplannedFailover, asrUnplannedFailoverFacts } from "./asr-unplanned-failover.ts";
import type { ComputeParts } from "./compute-parts.ts";
import { dnsRecord, dnsRecordFacts } from "./dns-record.ts";
import type { SiteRecoveryParts } from "./parts.ts";
import { trafficEndpoint, trafficEndpointFacts } from "./traffic-endpoint.ts";
import type { TrafficParts } from "./traffic-parts.ts";
import { vmRestart, vmRestartFacts } from "./vm-restart.ts";
import { vmRunScript, vmRunScriptFacts } from "./vm-run-script.ts";
import { vmStart, vmStartFacts } from "./vm-start.ts";
import { vmStop, vmStopFacts } from "./vm-stop.ts";

/** Everything that every action needs, together. */
export type ActionParts = SiteRecoveryParts & ComputeParts & TrafficParts;

/** What there is to know of every action, without hands: an action is one file and one line here. */
export const actionFacts: readonly ActionFacts[] = [
  asrTestFailoverFacts,
  asrTestFailoverCleanupFacts,
  asrPlannedFailoverFacts,
  asrUnplannedFailoverFacts,
  asrFailoverCommitFacts,
  asrFailoverCancelFacts,
  asrReprotectFacts,
  vmRunScriptFacts,
  vmStartFacts,
  vmStopFacts,
  vmRestartFacts,
  trafficEndpointFacts,
  dnsRecordFacts,
];

/** Every action with what lets it reach Azure; `actionFacts` lists the same ones for the compiler, which reaches nothing. */
export function actionsWith(parts: ActionParts): readonly Action[] {
  const ofSiteRecovery = [asrTestFailover, asrTestFailoverCleanup, asrPlannedFailover, asrUnplannedFailover, asrFailoverCommit, asrFailoverCancel, asrReprotect];
  const ofMachines = [vmRunScript, vmStart, vmStop, vmRestart];
  const ofTraffic = [trafficEndpoint, dnsRecord];
  return [...ofSiteRecovery, ...ofMachines, ...ofTraffic].map((action) => action(parts));
}
