import type { DrillEvent } from "../../drills/events.ts";
import type { DrillState } from "../../drills/state.ts";
import type { ParticipantRecord, SignatureRecord } from "./records.ts";
import { counted } from "../../texts/words.ts";

/** Everybody in a role or in the history, and what each did: planned beside actual attendance. */
export function participantsOf(state: DrillState, events: readonly DrillEvent[]): readonly ParticipantRecord[] {
  const everybody = [...Object.values(state.roles).flat(), ...events.flatMap((e) => e.by ?? [])];
  const people = new Map(everybody.map((person) => [person.id, person]));
  return [...people.values()].map((person) => ({
    person,
    roles: Object.entries(state.roles).flatMap(([role, members]) => (members.some((m) => m.id === person.id) ? [role] : [])),
    did: deedsOf(events.filter((e) => e.by?.id === person.id)),
  }));
}

const deeds: Partial<Record<DrillEvent["type"], string>> = {
  "drill.launched": "launched",
  "step.answered": "performed a step",
  "step.retried": "retried a step",
  "step.continued": "passed over a failure",
  "approval.decided": "decided an approval",
  "pause.answered": "did what a plan waited for",
  "operation.resolved": "resolved an unknown outcome",
  "cleanup.began": "ended the drill",
  "debt.accepted": "accepted a debt",
  "undo.retried": "retried an undo",
  "step.handed-over": "handed over a step",
  "undo.ordered": "ordered an undo",
  "undo.answered": "took a step back",
  "role.handed-over": "handed over a role",
  "approver.proposed": "proposed an approver",
  "approver.added": "admitted an approver",
  "server.held": "held a server",
  "server.released": "released a server",
  "obligation.settled": "settled an obligation",
  "incident.declared": "declared the incident",
  "drill.paused": "paused the drill",
  "drill.resumed": "resumed the drill",
  "note.added": "added a note",
  "attachment.added": "attached a file",
  "drill.signed": "signed",
  "command.refused": "was refused",
};

function deedsOf(events: readonly DrillEvent[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { type } of events) {
    const deed = deeds[type];
    if (deed !== undefined) counts.set(deed, (counts.get(deed) ?? 0) + 1);
  }
  return [...counts].map(([deed, count]) => (count === 1 ? deed : `${deed} (${counted(count, "time")})`));
}

/** The signatures in the order given. `independent`: this person had no part in what they sign for. */
export function signaturesOf(state: DrillState): readonly SignatureRecord[] {
  const involved = new Set(state.involved.map((person) => person.id));
  return state.signatures.map(({ as, by, at, statement }) => ({ as, by, at, statement, independent: !involved.has(by.id) }));
}
