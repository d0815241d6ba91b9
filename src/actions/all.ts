import type { Action } from "../drills/ports.ts";
import type { ActionFacts } from "../runbooks/catalogue.ts";
import { asrFailoverCancel, asrFailoverCancelFacts } from "./asr-failover-cancel.ts";
import { asrFailoverCommit, asrFailoverCommitFacts } from "./asr-failover-commit.ts";
import { asrPlannedFailover, asrPlannedFailoverFacts } from "./asr-planned-failover.ts";
import { asrReprotect, asrReprotectFacts } from "./asr-reprotect.ts";
import { asrTestFailover, asrTestFailoverFacts } from "./asr-test-failover.ts";
import { asrTestFailoverCleanup, asrTestFailoverCleanupFacts } from "./asr-test-failover-cleanup.ts";
import { asrUnplannedFailover, asrUnplannedFailoverFacts } from "./asr-unplanned-failover.ts";
import type { SiteRecoveryParts } from "./parts.ts";

/** Everything that every action needs, together. */
export type ActionParts = SiteRecoveryParts;

/** What there is to know of every action, without hands: an action is one file and one line here. */
export const actionFacts: readonly ActionFacts[] = [
  asrTestFailoverFacts,
  asrTestFailoverCleanupFacts,
  asrPlannedFailoverFacts,
  asrUnplannedFailoverFacts,
  asrFailoverCommitFacts,
  asrFailoverCancelFacts,
  asrReprotectFacts,
];

/** Every action, with hands. */
export function actionsWith(parts: ActionParts): readonly Action[] {
  return [asrTestFailover, asrTestFailoverCleanup, asrPlannedFailover, asrUnplannedFailover, asrFailoverCommit, asrFailoverCancel, asrReprotect].map((action) => action(parts));
}
