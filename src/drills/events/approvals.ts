import type { Json } from "../../runbooks/runbook.ts";
import type { Person, Preview, RequestRecord } from "./facts.ts";

/** What approvers are asked to approve. */
export type Question = {
  /** SHA-256 (hex) of the canonical form of `subject`. */
  readonly digest: string;
  /** The short form of the digest that a person can type. */
  readonly code: string;
  readonly subject: Json;
  readonly previews: readonly Preview[];
  readonly approvers: readonly Person[];
  readonly expiresAt: string;
};

/** What can happen to an approval, and to the set of people who may give it. */
export type ApprovalEvent =
  | (Question & { readonly type: "approval.asked"; readonly step: string; readonly round: number; readonly requests: readonly RequestRecord[] })
  | {
      readonly type: "approval.decided";
      readonly step: string;
      readonly round: number;
      readonly decision: "approve" | "reject";
      readonly digest: string;
      readonly reason: string;
    }
  | {
      /** The card that approvers were shown, by the SHA-256 of its bytes, stored before it was sent. */
      readonly type: "approval.shown";
      readonly step: string;
      readonly round: number;
      readonly card: string;
    }
  | { readonly type: "approval.expired"; readonly step: string; readonly round: number }
  | {
      readonly type: "approval.voided";
      readonly step: string;
      readonly round: number;
      readonly was: string;
      readonly now: string;
      readonly differences: readonly string[];
      readonly requests: readonly RequestRecord[];
    }
  | {
      /** Somebody asks for one more approver than were frozen at launch; an approver who is not the requester decides. */
      readonly type: "approver.proposed";
      readonly proposal: string;
      readonly role: string;
      readonly person: Person;
      readonly reason: string;
    }
  | { readonly type: "approver.added"; readonly proposal: string; readonly role: string; readonly person: Person };
