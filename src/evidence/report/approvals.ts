import type { ApprovalRecord } from "../transcript/records.ts";
import type { Transcript } from "../transcript/transcript.ts";
import { listed } from "../../texts/words.ts";
import { html, type Html } from "./markup.ts";
import { chip, facts, folded, instant, list, section, short, table, type EventAt, type Tone } from "./pieces.ts";

const tones: Readonly<Record<ApprovalRecord["outcome"], Tone>> = { granted: "good", rejected: "bad", expired: "bad", voided: "warn", open: "open" };

/** Each time an approval was asked: what people were shown, and who decided what. */
export function approvalsSection(t: Transcript, eventAt: EventAt): Html {
  const body = t.approvals.length === 0 ? html`<p class="dim">Nothing was approved.</p>` : html`${t.approvals.map((a) => approvalCard(a, t, eventAt))}`;
  return section("approvals", "Approvals", body);
}

function approvalCard(a: ApprovalRecord, t: Transcript, eventAt: EventAt): Html {
  const decisions = a.decisions.map((d) => [instant(d.at, t.startedAt), d.by, d.decision === "approve" ? chip("approved", "good") : chip("rejected", "bad"), d.reason]);
  return html`<div class="card"><h3>${a.title}${a.round > 1 && ` (attempt ${a.round})`} ${chip(a.outcome, tones[a.outcome])}</h3>
${a.previews.map((preview) => html`<p><b>${preview.action}</b></p>${facts([
    ...preview.facts.map((f) => [f.label, f.value] as const),
    ["Targets", listed(preview.targets.map((target) => target.name))],
    ["Taken back by", preview.undo],
    ["Plan digest", short(preview.planDigest)],
  ])}${folded("Ids of the targets", list(preview.targets.map((target) => html`${target.name} <code class="small">${target.id}</code>`)))}`)}
${facts([
    ["Asked", html`${instant(a.askedAt, t.startedAt)}, to be decided by ${instant(a.expiresAt, t.startedAt)} · ${eventAt(a.seq)}`],
    ["Needed", html`${a.quorum} of ${listed(a.approvers.map((p) => p.name))}`],
    ["Bound to", html`${short(a.digest)}, code ${a.code}`],
    ["Card as shown", a.card === null ? "not stored" : html`<code>blobs/${a.card}</code>${a.shownSeq !== null && html` · ${eventAt(a.shownSeq)}`}`],
  ])}
${decisions.length > 0 && table([{ label: "When", kind: "time" }, { label: "Who", kind: "name" }, { label: "Decision" }, { label: "Reason" }], decisions)}
${a.differences.length > 0 && html`<p>Became void, because the targets changed:</p>${list(a.differences)}`}
</div>
`;
}
