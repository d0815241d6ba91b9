import { DrillbookError } from "../../errors.ts";
import type { CourseEvent } from "../events/course.ts";
import { openSteps } from "../state.ts";
import type { Draft } from "./draft.ts";
import type { Of, Rules } from "./rule.ts";
import { courseTexts } from "../../texts/course.ts";

export const courseRules: Rules<CourseEvent["type"]> = {
  "drill.launched": () => {
    throw new DrillbookError("internal", "A drill was launched twice.", "Verify the store.");
  },
  "incident.declared": (draft, { by, at, criterion, decideBy, disruptedAt, detectedAt }) => draft.set({ declared: { by, at, criterion, decideBy, disruptedAt, detectedAt } }),
  "drill.paused": (draft, { by, at, reason }) => draft.set({ paused: { by, at, reason } }),
  "drill.resumed": (draft) => draft.set({ paused: null }),
  "drill.stood-aside": (draft) => draft.set({ stoodAside: true, paused: null }),
  "cleanup.began": cleanupBegan,
  "finding.recorded": (draft, { finding, step, text, owner, due }) => draft.add("findings", { id: finding, step, text, owner, due }),
  "attachment.added": (draft, { by, at, step, name, mediaType, size, sha256 }) => draft.add("attachments", { by, at, step, name, mediaType, size, sha256 }),
  "note.added": (draft, { by, at, step, text }) => draft.add("notes", { by, at, step, text }),
  "role.handed-over": (draft, { role, from, to }) => {
    const { roles } = draft.state;
    const others = (roles[role] ?? []).filter((p) => p.id !== from.id && p.id !== to.id);
    draft.set({ roles: { ...roles, [role]: [...others, to] } });
  },
  "signoff.asked": (draft, event) => draft.set({ status: "signing-off", proposed: event.proposed }),
  "drill.signed": (draft, { as, by, at, statement }) => {
    if (by !== null) draft.add("signatures", { as, by, at, statement });
  },
  "drill.ended": (draft, event) => draft.set({ status: "ended", result: event.result, endedAt: event.at, open: [], current: null }),
  // What is erased or held is the store's business: the rules of a drill know people by reference, which stays.
  "record.erased": () => undefined,
  "hold.placed": () => undefined,
  "hold.released": () => undefined,
  "command.refused": (draft) => draft.set({ refusals: draft.state.refusals + 1 }),
};

/** Whatever was open is over: what was given up cannot be answered any more. */
function cleanupBegan(draft: Draft, event: Of<"cleanup.began">): void {
  draft.set({ paused: null, status: "cleaning-up", cleanup: { why: event.why, reason: event.reason, at: event.at } });
  if (event.why === "finished") return keepWhatPeopleChanged(draft);
  for (const { step } of openSteps(draft.state)) {
    draft.step(step.id, event.at, (s) => ({ ...s, status: "failed", closedAt: event.at, reason: s.reason || event.reason }));
  }
}

/** A drill that came to its end meant what its people did: only an abort or a failure has it taken back. */
function keepWhatPeopleChanged(draft: Draft): void {
  for (const { operation, kind, status } of draft.state.debts) {
    if (kind === "undo-by-people" && status === "owed") draft.debt(operation, (d) => ({ ...d, status: "kept", detail: courseTexts.stays }));
  }
}
