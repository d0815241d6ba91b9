import type { ASRTask, Job as AzureJob, JobDetailsUnion, JobErrorDetails } from "@azure/arm-recoveryservices-siterecovery";
import type { Job, JobTask } from "../checks/ports.ts";
import type { Problem } from "../drills/events.ts";
import { withoutSecrets } from "./azure-answer.ts";
import { moment } from "./moment.ts";

/** A Site Recovery job in Drillbook's words, with the problems of all its tasks. */
export function job(azure: AzureJob): Job {
  const properties = azure.properties ?? {};
  const tasks = properties.tasks ?? [];
  return {
    id: azure.id ?? "",
    scenario: properties.scenarioName ?? "",
    state: properties.state ?? "",
    stateDescription: properties.stateDescription ?? "",
    activityId: properties.activityId ?? "",
    targetName: properties.targetObjectName ?? "",
    startedAt: moment(properties.startTime),
    endedAt: moment(properties.endTime),
    tasks: tasks.map(jobTask),
    ...newItem(properties.customDetails),
    problems: distinct([...tasks.flatMap((task) => taskProblems(task, null)), ...(properties.errors ?? []).map((e) => problem(e, null))]),
  };
}

function newItem(details: JobDetailsUnion | undefined): Pick<Job, "newItem"> {
  const id = details && "newReplicationProtectedItemId" in details ? details.newReplicationProtectedItemId : undefined;
  return id ? { newItem: id } : {};
}

/** Task names differ by provider: this one is for people, never to branch on. */
function jobTask(task: ASRTask): JobTask {
  const server = serverOf(task);
  const details = task.customDetails;
  const name = task.friendlyName ?? task.name ?? "";
  return {
    name: server === null || name.includes(server) ? name : `${server}: ${name}`,
    state: task.state ?? "",
    stateDescription: task.stateDescription ?? "",
    startedAt: moment(task.startTime),
    endedAt: moment(task.endTime),
    tasks: inner(task).map(jobTask),
    ...(details?.instanceType === "ManualActionTaskDetails" ? { manual: { id: task.taskId ?? "", instructions: withoutSecrets(("instructions" in details ? details.instructions : undefined) ?? "") } } : {}),
  };
}

/** What went wrong in a task and in those below it; a task of one server tells the server of those below. */
function taskProblems(task: ASRTask, outer: string | null): readonly Problem[] {
  const server = serverOf(task) ?? outer;
  const below = inner(task).flatMap((one) => taskProblems(one, server));
  return [...below, ...(task.errors ?? []).map((error) => problem(error, server))];
}

function inner(task: ASRTask): readonly ASRTask[] {
  return task.groupTaskCustomDetails?.childTasks ?? [];
}

function serverOf(task: ASRTask): string | null {
  const details = task.customDetails;
  // Azure writes null where the SDK's types know only "absent".
  return details && "jobTask" in details ? (details.jobTask?.targetObjectName ?? null) : null;
}

/** Site Recovery tells in its own words and, beside them, in the provider's: the first that says something wins. */
function problem({ serviceErrorDetails: service, providerErrorDetails: provider }: JobErrorDetails, server: string | null): Problem {
  return {
    code: service?.code || String(provider?.errorCode ?? provider?.errorId ?? ""),
    message: both(service?.message, provider?.errorMessage),
    causes: both(service?.possibleCauses, provider?.possibleCauses),
    action: both(service?.recommendedAction, provider?.recommendedAction),
    server,
  };
}

function both(service: string | undefined, provider: string | undefined): string {
  const texts = [service ?? "", provider ?? ""].map((text) => text.trim()).filter((text) => text !== "");
  return withoutSecrets([...new Set(texts)].join(" "));
}

/** Azure repeats a task's error at the job: the one that knows its server is kept. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  return problems.filter((one, index) => {
    const same = (other: Problem) => other.code === one.code && other.message === one.message;
    const first = problems.findIndex((other) => same(other) && (one.server === null || other.server === one.server));
    return first === index;
  });
}
