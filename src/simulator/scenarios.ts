import type { Scenario, ServiceError } from "./misfortunes.ts";

const quota: ServiceError = {
  code: "28031",
  message: "Virtual machine could not be created under the resource group.",
  possibleCauses: "The vCPU quota of the VM's size family is used up in the recovery region, or a policy forbids the virtual machine.",
  recommendedAction: "Raise the quota or exempt the resource group from the policy, clean up the test failover, and try again.",
};
const deletion: ServiceError = {
  code: "499",
  message: "An internal error occurred.",
  possibleCauses: "The operation failed due to an internal error.",
  recommendedAction: "Retry the operation. If the issue persists, contact support.",
};
const failoverPost = { method: "POST", path: "/testFailover$" };

/** Bad days that ship, each with what it teaches. The first is the ordinary day. */
export const scenarios: readonly Scenario[] = [
  { name: "calm", teaches: "How a drill goes when nothing goes wrong.", misfortunes: [] },
  { name: "quota", teaches: "Two of three servers up is not a pass.", misfortunes: [{ kind: "server-fails", server: "web-02", error: quota, jobEnds: "PartiallySucceeded", times: 1 }] },
  { name: "database-fails", teaches: "The web servers are of no use without the server that failed.", misfortunes: [{ kind: "server-fails", server: "sql-payroll", error: quota, jobEnds: "Failed", times: 1 }] },
  { name: "cleanup-fails", teaches: "A drill that owes a clean-up is not over.", misfortunes: [{ kind: "cleanup-fails", error: deletion, times: 1 }] },
  { name: "rpo-breach", teaches: "A guard stops the drill before anything is started.", misfortunes: [{ kind: "rpo", server: "sql-payroll", seconds: 5400, times: null }] },
  { name: "lost-answer", teaches: "A start whose answer is lost is looked for, not repeated.", misfortunes: [{ kind: "lost-answer", on: failoverPost, times: 1 }] },
  { name: "server-error", teaches: "After a 500 nobody knows: the vault is asked, then a person.", misfortunes: [{ kind: "answer", status: 500, on: failoverPost, times: 1 }] },
  { name: "throttled", teaches: "Azure asks for patience, with and without saying how long.", misfortunes: [
    { kind: "answer", status: 429, retryAfterSeconds: 1, on: { method: "GET" }, times: 3 },
    { kind: "answer", status: 429, on: { method: "GET", path: "replicationJobs" }, skip: 3, times: 2 },
  ] },
  { name: "no-right-to-start", teaches: "A missing role is named before the night of the drill.", misfortunes: [{ kind: "answer", status: 403, on: failoverPost, times: null }] },
  { name: "slow", teaches: "A job that takes five times as long is waited for, and shown.", misfortunes: [{ kind: "slow-job", factor: 5, times: 1 }] },
];
