import { sayDuration } from "../../runbooks/duration-text.ts";
import type { ObjectiveResult } from "../transcript/objectives.ts";
import type { Transcript } from "../transcript/transcript.ts";
import { clock, day, measuredDuration } from "../transcript/words.ts";
import { between, counted } from "../../texts/words.ts";
import { html, type Html, type Part } from "./markup.ts";
import { chip, list, section, table, type Column, type Tone } from "./pieces.ts";

/** Who, what, when, and the one verdict. */
export function heading(t: Transcript): Html {
  const mode = { rehearsal: "rehearsal", test: "test failover", live: "live failover" }[t.mode];
  return html`<header>
<p class="dim">Drill ${t.drill} · ${t.purpose === "incident" ? "REAL INCIDENT" : "exercise"} · ${mode} · ${period(t)}</p>
<h1>${t.title}</h1>
<p class="dim">Runbook ${t.runbook.id}, <span title="${t.runbook.hash}">${t.runbook.version ?? html`version <code>${t.runbook.hash.slice(0, 7)}</code>`}</span> · owner ${t.runbook.owner} · started by ${t.scheduledFor === null ? "" : "the schedule, in the name of "}${t.launchedBy.name}</p>
<p><span class="chip verdict ${t.headline.tone}">${t.mode === "rehearsal" ? `Rehearsal: ${t.headline.words.toLowerCase()}` : t.headline.words}</span></p>
${t.headline.why.length > 0 && html`<div class="against">${t.headline.why.map((why) => html`<p>${why}</p>`)}</div>`}
</header>
`;
}

function period(t: Transcript): string {
  const brief = t.endedAt !== null && between(t.startedAt, t.endedAt) < 600_000;
  const time = (iso: string) => (brief ? clock(iso) : clock(iso).slice(0, 5));
  const begin = `${day(t.startedAt)}, ${time(t.startedAt)}`;
  if (t.endedAt === null) return `${begin} UTC, still open`;
  const sameDay = t.startedAt.slice(0, 10) === t.endedAt.slice(0, 10);
  return `${begin} to ${sameDay ? "" : `${day(t.endedAt)}, `}${time(t.endedAt)} UTC`;
}

/** The four figures that a reader looks for first. */
export function tiles(t: Transcript): Html {
  return html`<div class="tiles">${timeTile(t)}${pointTile(t)}${findingsTile(t)}${owedTile(t)}</div>
`;
}

function tile(tone: Tone, figure: string, lines: readonly Part[]): Html {
  return html`<div class="tile ${tone}"><b>${figure}</b>${lines.map((line) => html`<span>${line}</span>`)}</div>`;
}

function timeTile({ recoveryTime: time, objectives, endedAt, lastAt }: Transcript): Html {
  const rto = objectives.filter((o) => o.rtoMs !== null);
  const targets = rto.map((o) => o.target.replace("RTO ", "target "));
  if (time.ms === null && endedAt === null && time.from !== null) {
    return tile("open", sayDuration(between(time.from, lastAt)), [`since the ${time.begins}, service not proved yet`, ...targets]);
  }
  if (time.ms === null) return tile(rto.length > 0 ? "warn" : "", "not measured", [`recovery time: ${time.why}`, ...targets]);
  const waiting = time.waitingMs > 0 ? `${measuredDuration(time.waitingMs)} of it waiting for people` : "none of it waiting for people";
  return tile(toneOf(rto.map((o) => o.result)), sayDuration(time.ms), [`${time.begins} to service proved`, ...targets, waiting]);
}

function pointTile({ recoveryPoint: point, objectives }: Transcript): Html {
  const rpo = objectives.filter((o) => o.target.startsWith("RPO "));
  const targets = rpo.map((o) => o.target.replace("RPO ", "target "));
  if (point.ms === null) return tile(rpo.length > 0 ? "warn" : "", "not measured", [`recovery point: ${point.why}`, ...targets]);
  return tile(toneOf(rpo.map((o) => o.result)), sayDuration(point.ms), [`worst recovery point (${point.worst})`, ...targets]);
}

function findingsTile({ findings, deviations, headline }: Transcript): Html {
  if (findings.length === 0 && headline.tone === "bad") return tile("bad", "0", ["findings recorded, although it did not pass", `${counted(deviations.length, "deviation")} from the plan`]);
  const words = findings.length === 0 ? "findings recorded" : `${findings.length === 1 ? "finding" : "findings"}, with owner and date`;
  return tile(findings.length === 0 ? "good" : "warn", String(findings.length), [words, `${counted(deviations.length, "deviation")} from the plan`]);
}

function owedTile({ cleanup, endedAt }: Transcript): Html {
  const left = cleanup.servers.filter((s) => s.removedAt === null).length;
  const accepted = cleanup.debts.filter((d) => d.status === "accepted").length;
  const owed = cleanup.owed + accepted;
  if (owed > 0 && endedAt === null) return tile("open", String(owed), ["owed", `${counted(left, "test server")} running`]);
  if (owed > 0) return tile("bad", String(owed), [`owed${accepted > 0 ? `, ${accepted} signed for` : ""}`, `${counted(left, "test server")} left behind`]);
  if (left > 0) return tile(endedAt === null ? "open" : "bad", "0", [`owed, yet ${counted(left, "test server")} not seen to go`]);
  const removed = cleanup.servers.length === 0 ? "nothing was created" : "everything that was created was removed";
  return tile("good", "0", [`owed: ${removed}`]);
}

function toneOf(results: readonly ObjectiveResult[]): Tone {
  if (results.includes("not met")) return "bad";
  if (results.includes("not measured")) return "warn";
  return results.length === 0 ? "" : "good";
}

/**
 * Each target against what was achieved, and the rules by which both times were taken. A rehearsal is said to be one in the
 * result itself.
 */
export function objectives(t: Transcript): Html {
  const tones: Readonly<Record<ObjectiveResult, Tone>> = { met: "good", "not met": "bad", "not measured": "warn", "judged by people": "" };
  const rows = t.objectives.map((o, i) => [
    t.objectives[i - 1]?.id === o.id ? o.id : `${o.id} ${o.text}`,
    o.target,
    o.achieved,
    chip(o.result === "met" && t.mode === "rehearsal" ? "met in rehearsal" : o.result, tones[o.result]),
  ]);
  const columns = ["Objective", "Target", "Achieved", "Result"].map((label) => ({ label }));
  const body = rows.length === 0 ? html`<p>The runbook sets no objectives.</p>` : table(columns, rows);
  return section("objectives", "Objectives", html`${body}
<p class="dim small">Recovery time: ${t.recoveryTime.rule}</p><p class="dim small">Recovery point: ${t.recoveryPoint.rule}</p>`);
}

/** Beside each other, because what was not tried is as much a gap as what failed. */
export function notExercisedAndFindings(t: Transcript): Html {
  const findings = t.findings.map((f) => html`<b>${f.id}</b> ${f.text}<br><span class="dim">${f.owner.name}, by ${f.due}</span>`);
  return html`<div class="columns">
${section("not-exercised", "Not exercised", list(t.notExercised))}
${section("findings", "Findings", findings.length === 0 ? html`<p class="dim">None was recorded.</p>` : list(findings))}
</div>
`;
}

/** The three reasons why plans fail, each measured or said why not. */
export function plansFail(t: Transcript): Html {
  const rows = t.whyPlansFail.map(({ reason, measured, words }) => [reason, measured ? words : html`<span class="dim">${words}</span>`]);
  return section("why-plans-fail", "Why plans fail, and this drill", table([{ label: "Reason" }, { label: "In this drill" }], rows));
}

/** Who signed as what, and whether a reviewer took part in the drill. */
export function signed(t: Transcript): Html {
  const who = { owner: "Drill owner", reviewer: "Reviewer" } as const;
  const rows = t.signatures.map((s) => [
    html`${who[s.as]}${s.as === "reviewer" && html` <span class="dim">${s.independent ? "(neither launched, performed nor approved)" : "(took part in the drill: not independent)"}</span>`}`,
    s.by.name,
    s.statement,
    html`${clock(s.at).slice(0, 5)} UTC`,
  ]);
  const columns: readonly Column[] = [{ label: "Signed as" }, { label: "Who", kind: "name" }, { label: "Statement" }, { label: "When", kind: "time" }];
  return section("signed", "Signed", rows.length === 0 ? html`<p class="dim">Nobody has signed.</p>` : table(columns, rows));
}
