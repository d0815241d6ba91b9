import type { Check, Clock } from "../drills/ports.ts";
import type { Catalogue, CheckFacts } from "../runbooks/catalogue.ts";
import { asrLastTestCheck, asrLastTestFacts } from "./asr-last-test.ts";
import type { RowParts } from "./asked-rows.ts";
import { lbBackendsCheck, lbBackendsFacts } from "./lb-backends.ts";
import { networkIsolationCheck, networkIsolationFacts } from "./network-isolation.ts";
import { permissionsCheck, permissionsFacts } from "./permissions-check.ts";
import type { BalancerReader, BootReader, CapacityReader, DrillHistory, NetworkReader, RecoveryPointReader, ReplicationReader, RightsReader, ServerAddresses } from "./ports.ts";
import { quotaCheck, quotaFacts } from "./quota.ts";
import { vmBootCheck, vmBootFacts } from "./vm-boot.ts";
import { vmKnownBadCheck, vmKnownBadFacts } from "./vm-known-bad.ts";

export type AzureCheckParts = {
  readonly vantage: RowParts;
  readonly reader: ReplicationReader & RecoveryPointReader;
  readonly boots: BootReader;
  readonly addresses: ServerAddresses;
  readonly capacity: CapacityReader;
  readonly rights: RightsReader;
  readonly balancers: BalancerReader;
  readonly networks: NetworkReader;
  readonly history?: DrillHistory;
  readonly catalogue: () => Pick<Catalogue, "actions" | "checks">;
  readonly clock: Clock;
};

/** What the compiler knows of the checks that read Azure beside Site Recovery's own. */
export const azureCheckFacts: readonly CheckFacts[] = [asrLastTestFacts, vmBootFacts, vmKnownBadFacts, quotaFacts, permissionsFacts, lbBackendsFacts, networkIsolationFacts];

/** Those checks with what lets them look at Azure. */
export function azureChecks(parts: AzureCheckParts): readonly Check[] {
  const { vantage, clock } = parts;
  return [
    asrLastTestCheck(parts),
    vmBootCheck({ ...vantage, boots: parts.boots, addresses: parts.addresses }),
    vmKnownBadCheck({ scripts: vantage.scripts, reader: parts.reader, clock }),
    quotaCheck(parts),
    permissionsCheck(parts),
    lbBackendsCheck(parts),
    networkIsolationCheck({ ...vantage, networks: parts.networks }),
  ];
}
