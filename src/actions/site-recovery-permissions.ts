const vault = "Microsoft.RecoveryServices/vaults";
const item = `${vault}/replicationFabrics/replicationProtectionContainers/replicationProtectedItems`;

/** What every action on Site Recovery reads, in Azure's own strings. */
const reads = [`${vault}/replicationRecoveryPlans/read`, `${item}/read`, `${vault}/replicationJobs/read`];

/** The permissions of an operation that plans and single servers know under one name, for example `testFailover`. */
export function permissionsFor(operation: string, more: readonly string[] = []): readonly string[] {
  return [...reads, `${vault}/replicationRecoveryPlans/${operation}/action`, `${item}/${operation}/action`, ...more];
}

/** Re-protection of a single server between Azure regions, which its container does. */
export const switchProtection = `${vault}/replicationFabrics/replicationProtectionContainers/switchprotection/action`;

/** Lets a recovery plan go on that waits for a manual action. */
export const resumeJob = `${vault}/replicationJobs/resume/action`;

export const readPoints = `${item}/recoveryPoints/read`;
