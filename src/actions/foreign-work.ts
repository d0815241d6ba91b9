import type { Job, ProtectedServer, ReplicationReader } from "../checks/ports.ts";
import type { Problem } from "../drills/events.ts";
import type { Look } from "../drills/ports.ts";
import { DrillbookError } from "../errors.ts";
import { armName } from "../runbooks/resource-id.ts";
import type { Subject } from "./subject.ts";

/** Refuses a write while somebody works on one of the servers, which the plan itself need not show. Throws `not-now`. */
export function refuseWhileOthersWork(servers: readonly ProtectedServer[]): void {
  const busy = servers.filter((server) => server.scenario !== null);
  const [first] = busy;
  if (first === undefined) return;
  const all = busy.map((server) => `${server.name}: ${server.scenario?.name ?? ""}, job ${armName(server.scenario?.jobId ?? "")}`).join("; ");
  throw new DrillbookError("not-now", `Somebody else is at work on ${busy.length === 1 ? first.name : `${busy.length} servers`} of this plan (${all}).`, "This drill did not start it. Find out whose it is in the vault; wait until it ends, or clean up the test failover that it left.");
}

/**
 * Work on the plan or server that is not the job we follow. A plan's job may start one job a server, so that only the
 * plan's own scenario can tell.
 */
export function foreignWork({ kind, name, scenario }: Pick<Subject, "kind" | "name" | "scenario">, handle: string): readonly Problem[] {
  if (scenario === null || scenario.jobId === "" || armName(scenario.jobId).toLowerCase() === armName(handle).toLowerCase()) return [];
  return [{
    code: "foreign-work",
    message: `Somebody else started ${scenario.name} on ${name} (job ${armName(scenario.jobId)}) since this drill's job ${armName(handle)}.`,
    causes: `A person in the Azure portal, or another program, works on the same ${kind === "plan" ? "recovery plan" : "server"}.`,
    action: "Find out who it is before you go on. What the servers show now is not this drill's work alone.",
    server: null,
  }];
}

/** Work on the same plan or server that began after our own job, also when it has ended. Nothing when the vault cannot be asked. */
export async function workSince(reader: Pick<ReplicationReader, "jobsSince">, target: string, ours: Job, kind: Subject["kind"], look: Look): Promise<readonly Problem[]> {
  const since = Date.parse(ours.startedAt ?? "");
  if (Number.isNaN(since)) return [];
  const jobs = await reader.jobsSince(target, new Date(since), look).catch(() => []);
  const later = jobs.filter((job) => job.targetName === ours.targetName && job.id.toLowerCase() !== ours.id.toLowerCase() && Date.parse(job.startedAt ?? "") > since);
  return later.slice(0, 1).flatMap((job) => foreignWork({ kind, name: job.targetName, scenario: { name: job.scenario || "a job", jobId: job.id } }, ours.id));
}
