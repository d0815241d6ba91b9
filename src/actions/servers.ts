import type { Job, ProtectedServer } from "../checks/ports.ts";
import type { Problem, ServerOutcome, TaskProgress, TestServer } from "../drills/events.ts";

/** The test servers that a failover left behind, or would have to be cleaned up after. */
export function needsCleanup(server: ProtectedServer): boolean {
  return server.testServer !== null || server.allowedOperations.includes("TestFailoverCleanup");
}

/** The job's problem that names this server; null when none does. */
export function problemOf(job: Job, server: ProtectedServer): Problem | null {
  return job.problems.find((problem) => problem.server?.toLowerCase() === server.name.toLowerCase()) ?? null;
}

/**
 * Where a server stands by the tasks that name it; null when none does, as with a job on a single item. A failed task
 * and then one at work come before the last: Azure lists tasks to come from the beginning, and those still wait.
 */
export function outcomeByTask(server: ProtectedServer, tasks: readonly TaskProgress[]): ServerOutcome["outcome"] | null {
  const own = tasks.filter((t) => t.name.toLowerCase().split(/[^a-z0-9_.-]+/).includes(server.name.toLowerCase()));
  const task = own.find((t) => t.state === "failed") ?? own.find((t) => t.state === "running") ?? own.at(-1);
  if (!task) return null;
  return task.state === "skipped" ? "succeeded" : task.state;
}

/**
 * The outcome of one server for the evidence. Unless said otherwise the test server that Azure shows goes with it, because
 * cleanup is owed for it.
 */
export function serverOutcome(server: ProtectedServer, outcome: ServerOutcome["outcome"], detail: string, testServer: TestServer | null = server.testServer): ServerOutcome {
  return { name: server.name, outcome, detail, testServer };
}

/** A problem for each server that failed without Azure saying why, so that no failure stays without a word. */
export function unexplained(servers: readonly ServerOutcome[], problems: readonly Problem[]): readonly Problem[] {
  return servers
    .filter((s) => s.outcome === "failed" && !problems.some((p) => p.server?.toLowerCase() === s.name.toLowerCase()))
    .map((s) => ({ code: "server-failed", message: `${s.name}: ${s.detail}.`, causes: "", action: "Look at the job's tasks in the vault.", server: s.name }));
}

/** "1 server", "3 servers"; only for nouns whose plural ends in s. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
