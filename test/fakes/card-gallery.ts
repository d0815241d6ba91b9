import { wordsOf, type Shown } from "../../src/dialogs/card.ts";
import type { CoverageRow } from "../../src/coverage/coverage.ts";
import { coverageCard } from "../../src/dialogs/coverage-card.ts";
import { declarationCard, incidentForm } from "../../src/dialogs/incident-cards.ts";
import { abortForm, parameterForm, previewCard, startedCard } from "../../src/dialogs/launch-cards.ts";
import { drillsCard, helpCard, runbooksCard } from "../../src/dialogs/lists.ts";
import { draw } from "../../src/dialogs/surfaces.ts";
import { DrillbookError } from "../../src/errors.ts";
import type { Mode, Runbook, Step } from "../../src/runbooks/runbook.ts";
import { approveBoth, codeOfStep, world, type World } from "./drill-world.ts";
import { failed, running, succeeded } from "./outside-world.ts";
import { action, amir, announcement, approval, ask, check, checklist, decision, bea, manual, olivia, ravi, roles, runbookOf, wait } from "./runbooks.ts";

const minute = 60_000;
const site = { name: "site", type: "choice", label: "Site", choices: ["east", "west"], default: null } as const;
const words = [{ kind: "text" as const, text: "What the author wrote, with **weight**." }];
const targets = [{ id: "/v/web-01", name: "web-01" }, { id: "/v/web-02", name: "web-02" }];
const preview = { action: "asr-test-failover", targets, planDigest: "0", recoveryPointRule: {}, undo: "test failover cleanup", facts: [{ label: "What happens", value: "Azure creates 2 test servers" }, { label: "Undo", value: "test failover cleanup, by itself" }] };
const noOffers = { byParameter: {}, silent: null };

/** Every kind of card there is, in the states that people meet, by name. */
export async function cardGallery(): Promise<ReadonlyMap<string, Shown>> {
  const gallery = new Map<string, Shown>([...lists(), ...launches()]);
  for (const [name, surface, make] of scenes) {
    const [w, drill] = await make();
    const shown = draw(surface, await w.state(drill), w.clock.now(), "http://127.0.0.1/drills/PAY-0001");
    if (shown === null) throw new Error(`${name}: no such surface`);
    gallery.set(name, shown);
  }
  return gallery;
}

const exercised = { lastDrill: "PAY-0001", lastAt: "2026-11-20T22:00:00Z", result: "passed", version: "0a1b2c3d4e5f" };
const coverage: readonly CoverageRow[] = [
  { kind: "plan", name: "payroll", within: "", state: "changed", ...exercised, why: "since the last drill, new: cache-01" },
  { kind: "runbook", name: "payroll", within: "", state: "current", ...exercised, why: "" },
  { kind: "server", name: "cache-01", within: "payroll", state: "never", lastDrill: "", lastAt: "", result: "", version: "", why: "not in the plan when PAY-0001 ran" },
  { kind: "server", name: "web-01", within: "payroll", state: "current", ...exercised, why: "" },
];

function lists(): readonly (readonly [string, Shown])[] {
  const lines = [
    { id: "payroll", title: "Payroll test failover", mode: "test", incident: false, problem: null },
    { id: "site-failure", title: "A whole site is gone", mode: "live", incident: true, problem: null },
    { id: "broken", title: "Broken", mode: "", incident: false, problem: "broken.md:3:1 There is no such kind." },
  ];
  return [
    ["help", helpCard("PAY-0001 is under way here and waits for Olivia Okafor.", ["done", "failed", "skip", "abort"])],
    ["help, all", helpCard("Most of it only when a drill asks for it.")],
    ["runbooks", runbooksCard(lines)],
    ["coverage", coverageCard(coverage)],
    ["drills", drillsCard([{ id: "PAY-0001", title: "Payroll", mode: "test", startedAt: "2026-11-20T21:00:00Z", state: "under way" }])],
  ];
}

function launches(): readonly (readonly [string, Shown])[] {
  const runbook = runbookOf([approval("approve"), action("failover")], { summary: words });
  const incident: Runbook = { ...runbook, purpose: "incident", declaration: { role: "deputy", criteria: ["The site is dark", "Nobody can say when it is back"], decideByMs: 30 * minute } };
  return [
    ["form", parameterForm(runbook, "test", noOffers, [], {})],
    ["form with a problem", parameterForm(runbook, "test", { ...noOffers, silent: "no answer." }, ["plan is needed."], {})],
    ["preview", previewCard(runbook, "test", {}, roles, [preview], [])],
    ["preview with an obstacle", previewCard(runbook, "test", {}, roles, [], ["failover: the plan is locked."])],
    ["incident form", incidentForm(incident, "live", noOffers, [], {})],
    ["declaration", declarationCard(incident, "live", {}, [preview], ["failover: the plan is locked."])],
    ["started", startedCard("PAY-0001", "Payroll test failover")],
    ["abort form", abortForm("PAY-0001", "Payroll test failover", 1)],
  ];
}

type Scene = () => Promise<readonly [World, string]>;

function drillOf(steps: readonly Step[], after: (w: World, drill: string) => Promise<unknown> = async () => undefined, more: Partial<Runbook> = {}, mode: Mode = "test"): Scene {
  return async () => {
    const w = world(steps, more);
    const drill = await w.launch(mode);
    await after(w, drill);
    return [w, drill];
  };
}

const answer = (step: string, how: "done" | "failed" | "skipped", reason = "") => (w: World, drill: string) => w.give(drill, olivia, { type: "answer", step, round: 1, answer: how, reason, ticks: [] });
const objectives = [{ id: "O1", text: "Payroll is back within the hour", rtoMs: 60 * minute, rpoMs: 15 * minute }];
const reject = async (w: World, drill: string) => w.give(drill, amir, { type: "decide", step: "approve", round: 1, decision: "reject", code: await codeOfStep(w, drill, "approve"), reason: "month-end" });
const failover = [approval("approve"), action("failover", { plannedMs: 10 * minute }), manual("look", { plannedMs: 5 * minute })];
const tasks = [{ name: "Create the servers", depth: 0, state: "running" as const, startedAt: "2026-11-20T21:00:00Z", endedAt: null }, { name: "Start", depth: 0, state: "waiting" as const, startedAt: null, endedAt: null }];
const servers = [{ name: "web-01", outcome: "succeeded" as const, detail: "", testServer: { name: "web-01-test", id: "/t/1" } }, { name: "web-02", outcome: "failed" as const, detail: "no quota", testServer: null }];
const problem = { code: "28031", message: "Could not create the server", causes: "The quota is used up", action: "Raise the quota", server: "web-02" };
const row = { target: "10.50.0.11", label: "LoadMaster", verdict: "up", status: 200, unmet: null };

async function sign(w: World, drill: string): Promise<void> {
  await w.give(drill, olivia, { type: "sign", as: "owner", statement: "as planned" });
  await w.give(drill, ravi, { type: "sign", as: "reviewer", statement: "" });
}

const lost = async (): Promise<never> => { throw new DrillbookError("outcome-unknown", "reset", ""); };

const scenes: readonly (readonly [string, string, Scene])[] = [
  ["live", "live", drillOf(failover, async (w, drill) => {
    w.failover.follow_ = () => ({ ...running, tasks, servers: servers.slice(0, 1) });
    await w.clock.advance(4 * minute);
    await approveBoth(w, drill);
    await w.clock.advance(2 * minute);
  }, { objectives })],
  ["live with tracks", "live", drillOf([manual("web", { track: "web", needs: [], plannedMs: 10 * minute }), manual("data", { track: "data", needs: [], plannedMs: 20 * minute })])],
  ["live, paused", "live", drillOf([manual("look")], (w, drill) => w.give(drill, olivia, { type: "pause", reason: "power cut" }))],
  ["live, passed", "live", drillOf([manual("look")], async (w, drill) => { await answer("look", "done")(w, drill); await sign(w, drill); })],
  ["live, with findings", "live", drillOf([manual("look")], async (w, drill) => { await answer("look", "skipped", "no time")(w, drill); await sign(w, drill); })],
  ["live, failed", "live", drillOf([manual("look", { onFail: "stop" })], async (w, drill) => { await answer("look", "failed", "it is down")(w, drill); await sign(w, drill); })],
  ["live, aborted", "live", drillOf([manual("look")], (w, drill) => w.give(drill, olivia, { type: "abort", reason: "a real outage" }))],
  ["live, a real incident", "live", async () => {
    const w = world([manual("look")], { purpose: "incident", mode: "live" });
    const state = await w.runner.launch({ by: olivia, runbook: runbookOf([manual("look")], { purpose: "incident", mode: "live" }), source: new Uint8Array(), params: { plan: "/plan/1" }, mode: "live", roles, conversation: null, declaration: { criterion: "the site is dark" } });
    await w.settle();
    return [w, state.id];
  }],
  ["manual", "step:look", drillOf([manual("look", { prose: words, timeoutMs: 10 * minute })])],
  ["manual, failed", "step:look", drillOf([manual("look")], answer("look", "failed", "nobody can sign in"))],
  ["manual, nobody answered", "step:look", drillOf([manual("look", { timeoutMs: 10 * minute, escalate: "reviewer" })], (w) => w.clock.advance(10 * minute))],
  ["manual, done", "step:look", drillOf([manual("look"), manual("next")], answer("look", "done", "took a minute"))],
  ["manual, skipped", "step:look", drillOf([manual("look"), manual("next")], answer("look", "skipped", "no time"))],
  ["checklist", "step:staff", drillOf([checklist("staff", ["Sign in as the drill user", "Open last month's run"])])],
  ["check, failed", "step:healthy", async () => {
    const w = world([check("healthy")]);
    const rows = [row, { ...row, label: "browser" }, { ...row, target: "10.50.0.12", verdict: "down", status: 400 }, { ...row, target: "10.50.0.12", label: "browser", unmet: "the page" }];
    w.health.observe_ = () => ({ ...failed, summary: "10.50.0.12 is down for the LoadMaster", diagnosis: ["It asks without a host name.", "Give the check the host name that the balancer is to send."], result: { rows } });
    return [w, await w.launch("test")];
  }],
  ["check, passed with something to tell", "step:healthy", async () => {
    const w = world([check("healthy"), manual("look")]);
    w.health.observe_ = () => ({ verdict: "passed", summary: "2 of 2 up", diagnosis: ["The certificate ends in 20 days."], result: { rows: [row] } });
    return [w, await w.launch("test")];
  }],
  ["action, under way", "step:failover", drillOf([approval("approve"), action("failover")], async (w, drill) => { w.failover.follow_ = () => ({ ...running, tasks, servers: servers.slice(0, 1) }); await approveBoth(w, drill); await w.clock.advance(minute); })],
  ["action, failed", "step:failover", drillOf([approval("approve"), action("failover")], async (w, drill) => { w.failover.follow_ = () => ({ ...succeeded, state: "failed", summary: "1 of 2 servers", servers, problems: [problem] }); await approveBoth(w, drill); })],
  ["approval", "step:approve", drillOf([approval("approve", { prose: words }), action("failover")], async (w, drill) => w.give(drill, amir, { type: "decide", step: "approve", round: 1, decision: "approve", code: await codeOfStep(w, drill, "approve"), reason: "" }))],
  ["approval, rejected", "step:approve", drillOf([approval("approve"), action("failover")], reject)],
  ["approval, expired", "step:approve", drillOf([approval("approve", { escalate: "reviewer" }), action("failover")], (w) => w.clock.advance(30 * minute))],
  ["approval, given", "step:approve", drillOf([approval("approve"), manual("look")], approveBoth)],
  ["ask", "step:first", drillOf([ask("first", [site, { name: "day", type: "date", label: "Day", choices: [], default: null }, { name: "lead", type: "person", label: "Who leads", choices: [], default: null }])])],
  ["decide", "step:way", drillOf([decision("way", "site")])],
  ["wait", "step:settle", drillOf([wait("settle")])],
  ["wait, in vain", "step:until", async () => {
    const w = world([wait("until", { forMs: null, until: { type: "fake-check", input: {}, times: 2, everyMs: 10_000, limitMs: minute } })]);
    w.health.observe_ = () => failed;
    const drill = await w.launch("test");
    await w.clock.advance(2 * minute);
    return [w, drill];
  }],
  ["action, waits for people", "step:failover", drillOf([approval("approve"), action("failover")], async (w, drill) => { w.failover.follow_ = () => ({ ...running, tasks, pause: { id: "p1", name: "Manual action", text: "Switch the firewall to the recovery site." } }); await approveBoth(w, drill); await w.clock.advance(minute); })],
  ["action, nobody knows", "step:failover", drillOf([approval("approve"), action("failover")], async (w, drill) => { w.failover.start_ = lost; await approveBoth(w, drill); await w.clock.advance(20_000); })],
  ["approval, void", "step:approve", drillOf([approval("approve"), action("failover")], async (w, drill) => {
    const before = w.failover.preview_();
    await w.give(drill, amir, { type: "decide", step: "approve", round: 1, decision: "approve", code: await codeOfStep(w, drill, "approve"), reason: "" });
    w.failover.preview_ = () => ({ ...before, targets: [...before.targets, { id: "/vm/2", name: "web-02" }] });
    await w.give(drill, bea, { type: "decide", step: "approve", round: 1, decision: "approve", code: await codeOfStep(w, drill, "approve"), reason: "" });
  })],
  ["announce", "step:tell", drillOf([announcement("tell")])],
  ["cleanup, an undo failed", "cleanup", drillOf([approval("approve"), action("failover")], async (w, drill) => { w.cleanup.follow_ = () => ({ ...succeeded, state: "failed", summary: "locked", problems: [{ ...problem, server: null, message: "The resource is locked" }] }); await approveBoth(w, drill); })],
  ["cleanup, to be ordered in live", "cleanup", drillOf([approval("approve"), action("failover")], async (w, drill) => { await approveBoth(w, drill); }, {}, "live")],
  ["cleanup, nobody knows", "cleanup", drillOf([approval("approve"), action("failover")], async (w, drill) => { w.cleanup.start_ = lost; await approveBoth(w, drill); await w.clock.advance(20_000); })],
  ["cleanup, by people", "cleanup", drillOf([manual("look", { undo: { text: "Set the DNS record back." } }), manual("last")], async (w, drill) => { await answer("look", "done")(w, drill); await w.give(drill, olivia, { type: "abort", reason: "a real outage" }); })],
  ["cleanup, an obligation", "cleanup", drillOf([approval("approve"), action("failover")], async (w, drill) => { Object.assign(w.failover.facts, { undo: null, obligations: [{ id: "re-protect", text: "Protect the servers in the other direction." }] }); await approveBoth(w, drill); })],
  ["cleanup, no way back", "cleanup", drillOf([approval("approve"), action("failover"), action("commit", { type: "fake-commit" })], async (w, drill) => { Object.assign(w.commit.facts, { pointOfNoReturn: true }); await approveBoth(w, drill); })],
  ["cleanup, kept for investigation", "cleanup", drillOf([approval("approve"), action("failover"), manual("look")], async (w, drill) => {
    w.failover.follow_ = () => ({ ...succeeded, servers });
    await approveBoth(w, drill);
    await w.give(drill, olivia, { type: "hold", operation: "failover#1", server: "", until: new Date(w.clock.now().getTime() + 86_400_000).toISOString(), reason: "its log shows errors" });
    await answer("look", "done")(w, drill);
  })],
  ["cleanup, done", "cleanup", drillOf([approval("approve"), action("failover")], approveBoth)],
  ["sign-off", "sign-off", drillOf([manual("look"), manual("talk")], async (w, drill) => { await answer("look", "done")(w, drill); await answer("talk", "skipped", "no time")(w, drill); await w.give(drill, olivia, { type: "sign", as: "owner", statement: "" }); }, { objectives })],
];

/** What a card says to somebody who sees neither its colours nor its marks. */
export function spoken(shown: Shown): string {
  return wordsOf(shown.card);
}

