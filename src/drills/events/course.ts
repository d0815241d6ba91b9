import type { Json, Mode, Purpose, Runbook } from "../../runbooks/runbook.ts";
import type { Attachment, DrillResult, EarlierRetests, Person } from "./facts.ts";

/** What can happen to a drill as a whole. */
export type CourseEvent =
  | {
      readonly type: "drill.launched";
      readonly runbook: Runbook;
      readonly params: Readonly<Record<string, string>>;
      readonly mode: Mode;
      readonly purpose: Purpose;
      /** Frozen at launch: role to the people in it. */
      readonly roles: Readonly<Record<string, readonly Person[]>>;
      /** What this drill has to show again, as whoever launched it was told. Absent: nothing. */
      readonly retests?: EarlierRetests;
      /** The date (ISO 8601) of the runbook's schedule that began it, in the name of `by`; absent: a person did. */
      readonly scheduledFor?: string;
      /** Opaque to the drill: where it was started, so that its cards find their way back. */
      readonly conversation: Json;
    }
  | { readonly type: "drill.paused"; readonly reason: string }
  | { readonly type: "drill.resumed"; readonly reason: string }
  | {
      readonly type: "cleanup.began";
      readonly why: "finished" | "failed" | "aborted";
      readonly reason: string;
    }
  | {
      readonly type: "finding.recorded";
      readonly finding: string;
      readonly step: string | null;
      readonly text: string;
      readonly owner: Person;
      /** ISO date by which it is to be dealt with. */
      readonly due: string;
    }
  | { readonly type: "note.added"; readonly step: string | null; readonly text: string }
  | ({ readonly type: "attachment.added"; readonly step: string | null } & Attachment)
  | { readonly type: "signoff.asked"; readonly proposed: DrillResult }
  | { readonly type: "drill.signed"; readonly as: "owner" | "reviewer"; readonly statement: string }
  | { readonly type: "drill.ended"; readonly result: DrillResult }
  | {
      /** A command that was refused: kept, because who tried what is part of the history. */
      readonly type: "command.refused";
      readonly command: string;
      readonly step: string | null;
      readonly code: string;
      readonly message: string;
    }
  | {
      /** What opens an incident. Times are what the declarer says; null: not known. */
      readonly type: "incident.declared";
      readonly criterion: string;
      readonly decideBy: string | null;
      readonly disruptedAt: string | null;
      readonly detectedAt: string | null;
      /** The exercises that had to stand aside. */
      readonly instead: readonly string[];
    }
  /** A real incident was declared on what this exercise works on: it lets go of it, and cleans up. */
  | { readonly type: "drill.stood-aside"; readonly reason: string }
  | {
      /** Records beside the log, and stored bytes, that are gone for good: by reference and by hash. */
      readonly type: "record.erased";
      readonly records: readonly string[];
      readonly blobs: readonly string[];
      readonly reason: string;
    }
  | { readonly type: "hold.placed"; readonly reason: string }
  | { readonly type: "hold.released"; readonly reason: string }
  | { readonly type: "role.handed-over"; readonly role: string; readonly from: Person; readonly to: Person; readonly reason: string };
