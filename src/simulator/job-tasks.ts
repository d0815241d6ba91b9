import type { Json } from "../runbooks/runbook.ts";
import { guid } from "./guid.ts";
import type { ServiceError } from "./misfortunes.ts";
import { elapsed, endOf, jobState, momentOf, timeline } from "./timeline.ts";
import type { Group, ServerRun, Step, Stop } from "./timeline.ts";
import type { JobRecord, JobScenario } from "./world.ts";

// How Site Recovery writes a time that has not come yet.
const unset = "0001-01-01T00:00:00";

/** A job's tasks as they stand at one moment. */
export class JobTasks {
  readonly over: boolean;
  readonly #job: JobRecord;
  readonly #at: number;

  constructor(job: JobRecord, now: number) {
    this.#job = job;
    this.#at = elapsed(job, now);
    this.over = jobState(job, now).over;
  }

  /** All tasks from the first moment on, those to come as not started. */
  tasks(): readonly Json[] {
    const { opening, groups, stops } = timeline(this.#job);
    if (this.#job.on === "plan") {
      const after = stops.filter((stop) => !groups.some((group) => group.type === "Boot" && beginning(group) === stop.at));
      return [this.#task(opening), ...groups.flatMap((group) => [...(group.type === "Boot" ? stops.filter(({ at }) => at === beginning(group)).map((stop) => this.#stop(stop)) : []), this.#group(group)]), ...after.map((stop) => this.#stop(stop))];
    }
    return [opening, ...groups.flatMap((group) => group.runs.flatMap((run) => run.steps))].map((step) => this.#task(step));
  }

  errors(): readonly Json[] {
    const steps = timeline(this.#job).groups.flatMap((group) => group.runs.flatMap((run) => run.steps));
    return steps.flatMap((step) => this.#stepErrors(step));
  }

  created(server: string): boolean {
    const first = timeline(this.#job).groups[0]?.runs.find((run) => run.server === server)?.steps[0];
    return first !== undefined && first.error === null && this.#at >= first.to;
  }

  #stop({ action, at }: Stop): Json {
    const index = timeline(this.#job).stops.findIndex((stop) => stop.action === action);
    const resumed = this.#job.resumed?.[index];
    const began = this.#at >= at && (index === 0 || this.#job.resumed?.[index - 1] !== undefined);
    const state = !began ? "NotStarted" : resumed !== undefined ? "Succeeded" : this.over ? "Cancelled" : "Suspended";
    return {
      taskId: guid("manual", this.#job.id, action.name, index),
      name: "RecoveryPlanManualActionTask",
      friendlyName: action.name,
      state,
      stateDescription: state === "Suspended" ? "WaitingForManualAction" : state === "Succeeded" ? "Completed" : state,
      startTime: began ? iso(momentOf(this.#job, at)) : unset,
      endTime: resumed === undefined ? unset : iso(resumed.at),
      allowedActions: state === "Suspended" ? ["Resume"] : [],
      taskType: "ManualActionTaskDetails",
      customDetails: { instanceType: "ManualActionTaskDetails", name: action.name, instructions: action.description, observation: resumed?.comments ?? "" },
      groupTaskCustomDetails: null,
      errors: [],
    };
  }

  #group(group: Group): Json {
    const id = guid("group", this.#job.id, group.label);
    return {
      taskId: id,
      name: group.type === "Boot" ? "RecoveryPlanBootGroupTask" : "RecoveryPlanFailoverGroupTask",
      friendlyName: `${group.label} (${group.runs.length})`,
      ...this.#span(beginning(group), Math.max(...group.runs.map(endOf)), group.runs.some((run) => run.steps.some((step) => step.error !== null))),
      taskType: "GroupTaskDetails",
      customDetails: null,
      groupTaskCustomDetails: {
        instanceType: "RecoveryPlanGroupTaskDetails",
        childTasks: group.runs.map((run) => this.#run(run, group.label)),
        name: group.label,
        groupId: id,
        rpGroupType: group.type,
      },
      errors: [],
    };
  }

  #run(run: ServerRun, label: string): Json {
    return {
      taskId: guid("run", this.#job.id, label, run.server),
      name: "RecoveryPlanVirtualMachineTask",
      friendlyName: run.server,
      ...this.#span(run.steps[0]?.from ?? 0, endOf(run), run.steps.some((step) => step.error !== null)),
      taskType: "VirtualMachineTaskDetails",
      customDetails: {
        instanceType: "VirtualMachineTaskDetails",
        jobTask: {
          jobId: "",
          jobFriendlyName: friendlyName(this.#job),
          targetObjectId: guid("item", this.#job.vault, run.server),
          targetObjectName: run.server,
          targetInstanceType: "ProtectionEntity",
          jobScenarioName: this.#job.scenario,
        },
      },
      groupTaskCustomDetails: { instanceType: "InlineWorkflowTaskDetails", childTasks: run.steps.map((step) => this.#task(step)), workflowIds: [] },
      errors: [],
    };
  }

  #task(step: Step): Json {
    return {
      taskId: step.taskId,
      name: step.name,
      friendlyName: step.friendlyName,
      ...this.#span(step.from, step.to, step.error !== null),
      taskType: "TaskDetails",
      customDetails: null,
      groupTaskCustomDetails: null,
      errors: this.#stepErrors(step),
    };
  }

  #span(from: number, to: number, fails: boolean) {
    const began = this.#at > from || (this.#at === from && !this.#waits(from));
    const ended = this.#at >= to;
    const state = !began ? "NotStarted" : !ended ? (this.over ? "Cancelled" : "InProgress") : fails ? "Failed" : "Succeeded";
    return {
      state,
      stateDescription: state === "Succeeded" ? "Completed" : state,
      startTime: began ? iso(momentOf(this.#job, from)) : unset,
      endTime: ended ? iso(momentOf(this.#job, to)) : unset,
      allowedActions: [],
    };
  }

  /** What begins where the job waits for people has not begun. */
  #waits(at: number): boolean {
    const { stops } = timeline(this.#job);
    return stops.some((stop, index) => stop.at === at && this.#job.resumed?.[index] === undefined);
  }

  #stepErrors(step: Step): readonly Json[] {
    if (step.error === null || this.#at < step.to) return [];
    return [taskError(step, step.error, iso(momentOf(this.#job, step.to)), this.#job.activity)];
  }
}

function taskError(step: Step, { code, message, possibleCauses, recommendedAction }: ServiceError, at: string, activityId: string): Json {
  return {
    errorLevel: "Error",
    creationTime: at,
    taskId: step.taskId,
    serviceErrorDetails: { code, message, possibleCauses, recommendedAction, activityId },
    providerErrorDetails: null,
  };
}

function beginning(group: Group): number {
  return Math.min(...group.runs.map((run) => run.steps[0]?.from ?? 0));
}

const friendlyNames: Readonly<Record<JobScenario, string>> = {
  TestFailover: "Test failover",
  TestFailoverCleanup: "Test failover cleanup",
  PlannedFailover: "Planned failover",
  UnplannedFailover: "Failover",
  CommitFailover: "Commit",
  CancelFailover: "Cancel failover",
  ReverseReplication: "Reverse replicate",
  ChangeRecoveryPoint: "Change recovery point",
};

/** What a job is called in the portal's list of jobs. */
export function friendlyName(job: JobRecord): string {
  return friendlyNames[job.scenario];
}

/** Seven decimals, as .NET writes them. */
export function iso(time: number): string {
  return new Date(time).toISOString().replace("Z", "0000Z");
}
