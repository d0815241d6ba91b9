import { warned, wordsOf, type Shown } from "../../src/dialogs/card.ts";
import type { CoverageRow } from "../../src/coverage/coverage.ts";
import { coverageCard } from "../../src/dialogs/coverage-card.ts";
import { declarationCard, incidentForm } from "../../src/dialogs/incident-cards.ts";
import { abortClosed, abortForm, parameterForm, previewCard, startedCard } from "../../src/dialogs/launch-cards.ts";
import { drillsCard, helpCard, runbooksCard } from "../../src/dialogs/lists.ts";
import { draw, evidenceOn } from "../../src/dialogs/surfaces.ts";
import { seenBy } from "../../src/dialogs/view.ts";
import type { Debt, DrillState, StepState } from "../../src/drills/state.ts";
import { DrillbookError } from "../../src/errors.ts";
import type { Mode, Runbook, Step } from "../../src/runbooks/runbook.ts";
import { deliveryTexts } from "../../src/texts/notices.ts";
import { closedWords } from "../../src/texts/steps.ts";
import { approveBoth, codeOfStep, world, type World } from "./drill-world.ts";
import { failed, running, succeeded } from "./outside-world.ts";
import { action, amir, announcement, approval, ask, check, checklist, decision, bea, manual, olivia, ravi, roles, runbookOf, wait } from "./runbooks.ts";

const minute = 60_000;
const site = { name: "site", type: "choice", label: "Site", choices: ["east", "west"], default: null } as const;
const words = [{ kind: "text" as const, text: "What the author wrote, with **weight**." }];
const targets = [{ id: "/v/web-01", name: "web-01" }, { id: "/v/web-02", name: "web-02" }];
const preview = { action: "asr-test-failover", targets, planDigest: "0", recoveryPointRule: {}, undo: "test failover cleanup", facts: [{ label: "What happens", value: "Azure creates 2 test servers" }, { label: "Undo", value: "test failover cleanup, by itself" }] };
const noOffers = { byParameter: {}, silent: null };

/** What the last card of a drill says of its evidence. */
const evidence = "41 events, head 9b1e2c7d44d0 · verify the bundle with: drillbook verify PAY-0001.zip";

/** Every kind of card there is, in the states that people meet, by name. */
export async function cardGallery(): Promise<ReadonlyMap<string, Shown>> {
  const gallery = new Map<string, Shown>([...lists(), ...launches()]);
  for (const [name, surface, make, seen = (state: DrillState) => state] of [...scenes, ...closedScenes]) {
    const [w, drill] = await make();
    const state = seen(await w.state(drill));
    const shown = draw(surface, state, w.clock.now(), "http://127.0.0.1/drills/PAY-0001", null, await evidenceOn(surface, state, async () => evidence));
    if (shown === null) throw new Error(`${name}: no such surface`);
    gallery.set(name, shown);
  }
  const [w, drill] = await drillOf(failover)();
  const state = await w.state(drill);
  gallery.set("abort form", abortForm(state, olivia));
  gallery.set("abort form, with an undo by people", abortForm({ ...state, debts: [{ ...debt, kind: "undo-by-people", operation: "rule#1" }, debt] }, olivia));
  gallery.set("abort form, live", abortForm({ ...state, mode: "live", debts: [debt, { ...debt, operation: "other" }] }, olivia));
  gallery.set("abort form, closed by an abort", abortClosed(state, ["Aborted by Olivia Okafor: the database does not come up", "Aborting."]));
  gallery.set("abort form, closed without one", abortClosed(state, ["Not aborted: Olivia Okafor closed the form."]));
  gallery.set("abort form, a real incident", abortForm({ ...state, mode: "live", purpose: "incident" }, olivia));
  const toApprove = draw("step:approve", state, w.clock.now(), null);
  if (toApprove === null) throw new Error("there is no approval");
  gallery.set("approval, seen by somebody who may not decide", seenBy(toApprove, state, ravi));
  const card = warned(toApprove.card, deliveryTexts.absent(["Amir Haddad"]));
  gallery.set("approval, of whom one cannot be reached", { card, text: wordsOf(card) });
  return gallery;
}

/** What people read instead of the names that tests go by. */
const titles: Readonly<Record<string, string>> = {
  look: "Payroll staff can work",
  talk: "Tell the service desk",
  last: "Write down what was learnt",
  next: "Write down what was learnt",
  web: "Start the web servers",
  data: "Attach the database",
  staff: "Payroll staff can work",
  healthy: "The web farm answers as the load balancer asks",
  approve: "Approve the test failover",
  failover: "Start the test failover",
  commit: "Commit the failover",
  first: "Agree on how it is done",
  way: "Choose the site",
  settle: "Let the caches fill",
  until: "The balancer has seen it",
  tell: "Tell the staff",
};

function inWords<S extends Step>(step: S): S {
  return { ...step, title: titles[step.id] ?? step.title, phase: "Prove it works" };
}

const debt: Debt = { kind: "undo", operation: "failover#1", step: "failover", action: "fake-cleanup", input: {}, text: "", status: "owed", attempts: 0, ordered: false, beforeRetry: false, noWayBack: false, detail: "" };

/** The same drill with its first open step, or another one, in a state that lasts for a moment only. */
const withStep = (id: string, more: Partial<StepState>) => (state: DrillState): DrillState => ({ ...state, steps: state.steps.map((s) => (s.step.id === id ? { ...s, ...more } : s)) });

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
    ["runbooks, none", runbooksCard([])],
    ["runbooks, a second page", runbooksCard(Array.from({ length: 25 }, (_, n) => ({ id: `payroll-${n + 1}`, title: `Payroll test failover ${n + 1}`, mode: "test", incident: false, problem: null })), 2)],
    ["coverage", coverageCard(coverage)],
    ["coverage, all of it", coverageCard(coverage.filter(({ state }) => state === "current"))],
    ["coverage, of nothing", coverageCard([])],
    ["drills, none", drillsCard([])],
    ["drills", drillsCard([{ id: "PAY-0001", title: "Payroll", mode: "test", startedAt: "2026-11-20T21:00:00Z", state: "under way" }])],
  ];
}

function launches(): readonly (readonly [string, Shown])[] {
  const runbook = runbookOf([inWords(approval("approve")), inWords(action("failover"))], { summary: words });
  const many = runbookOf(Array.from({ length: 8 }, (_, n) => inWords(manual(`step-${n}`, { title: `Look at part ${n + 1} of payroll, with somebody who knows it well` }))), { objectives, title: longTitle });
  const incident: Runbook = { ...runbook, purpose: "incident", declaration: { role: "deputy", criteria: ["The site is dark", "Nobody can say when it is back"], decideByMs: 30 * minute } };
  return [
    ["form", parameterForm(runbook, "test", noOffers, [], {})],
    ["form with a problem", parameterForm(runbook, "test", { ...noOffers, silent: "no answer." }, ["plan is needed."], {})],
    ["preview", previewCard(runbook, "test", {}, roles, [preview], [])],
    ["preview of much", previewCard(many, "rehearsal", {}, { ...roles, operator: everybody }, [{ ...preview, targets: longNames.map((name) => ({ id: name, name })) }], [], ["No run in the last 90 days."], { drill: "PAY-0003", retests: [{ objective: "O1 RTO 1 h", result: "missed", segment: ["Prove it works"] }] })],
    ["preview with an obstacle", previewCard(runbook, "test", {}, roles, [], ["failover: the plan is locked."])],
    ["incident form", incidentForm(incident, "live", noOffers, [], {})],
    ["declaration", declarationCard(incident, "live", {}, [preview], ["failover: the plan is locked."], "KTPW")],
    ["started", startedCard({ id: "PAY-0001", runbook, purpose: "exercise", mode: "test" })],
    ["started, an incident", startedCard({ id: "SIT-0001", runbook: incident, purpose: "incident", mode: "live" })],
  ];
}

/** Names as people really give them. */
const longTitle = "Quarterly failover of the payroll and time-recording systems of all subsidiaries to North Europe";
const longNames = ["srv-payroll-database-primary-westeurope-0001", "srv-payroll-database-replica-westeurope-0002", "srv-timerecording-frontend-westeurope-0011"];
const everybody = [olivia, ...["Maximiliane Freifrau von Hohenstein-Waldburg", "Jean-Baptiste de la Fontaine-Saint-Germain", "Dana Weiss"].map((name) => ({ id: name, name }))];

type Scene = () => Promise<readonly [World, string]>;

function drillOf(steps: readonly Step[], after: (w: World, drill: string) => Promise<unknown> = async () => undefined, more: Partial<Runbook> = {}, mode: Mode = "test"): Scene {
  return async () => {
    const w = world(steps.map(inWords), more);
    const drill = await w.launch(mode);
    await after(w, drill);
    return [w, drill];
  };
}

/** The names of a real estate: long, without a place to break, and many. */
async function longDrill(): Promise<readonly [World, string]> {
  const w = world([{ ...inWords(approval("approve")), title: `Approve: ${longTitle}`, phase: "Before anything is started in the recovery region" }, action("failover", { title: longTitle, plannedMs: 95 * minute }), manual("look", { title: `Look at ${longNames[0]}` })], { title: longTitle, objectives });
  const before = w.failover.preview_();
  w.failover.preview_ = () => ({ ...before, targets: longNames.map((name) => ({ id: name, name })), facts: [...before.facts, { label: "Where", value: "/subscriptions/00000000-1111-2222-3333-444444444444/resourceGroups/rg-disaster-recovery-northeurope/providers/Microsoft.Network/virtualNetworks/vnet-dr-isolated" }] });
  w.failover.follow_ = () => ({ ...running, summary: `1 of 3 servers: ${longNames.join(", ")}`, tasks, servers: longNames.map((name) => ({ name, outcome: "succeeded", detail: "", testServer: { name: `${name}-test`, id: name } })) });
  const drill = await w.launch("live", { roles: { ...roles, operator: everybody } });
  return [w, drill];
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

const attachment = { name: "payslip.png", mediaType: "image/png", size: 68, sha256: "ab".repeat(32), step: "look", by: olivia, at: "2026-11-20T21:00:00Z" };
const lost = async (): Promise<never> => { throw new DrillbookError("outcome-unknown", "The connection was reset.", ""); };

type SceneOf = readonly [name: string, surface: string, make: Scene, seen?: (state: DrillState) => DrillState];

/** A step that is over, in each of the ways in which one can be. */
const closedScenes: readonly SceneOf[] = (Object.keys(closedWords) as readonly StepState["status"][]).map((status) => [
  `closed, ${closedWords[status]} (${status})`,
  "step:look",
  drillOf([manual("look"), manual("next")], answer("look", "done", "took a minute")),
  // A step that is open is closed with its drill.
  (state) => ({ ...withStep("look", { status, reason: "the records show it", ...(status === "passed" ? {} : { closedBy: status === "skipped" ? olivia : null }) })(state), status: "cleaning-up" }),
]);

const scenes: readonly SceneOf[] = [
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
    const w = world([inWords(manual("look"))], { purpose: "incident", mode: "live" });
    const state = await w.runner.launch({ by: olivia, runbook: runbookOf([inWords(manual("look"))], { purpose: "incident", mode: "live" }), source: new Uint8Array(), params: { plan: "/plan/1" }, mode: "live", roles, conversation: null, declaration: { criterion: "the site is dark" } });
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
    const w = world([inWords(check("healthy"))]);
    const rows = [row, { ...row, label: "browser" }, { ...row, target: "10.50.0.12", verdict: "down", status: 400 }, { ...row, target: "10.50.0.12", label: "browser", unmet: "the page" }];
    w.health.observe_ = () => ({ ...failed, summary: "10.50.0.12 is down for the LoadMaster", diagnosis: ["It asks without a host name.", "Give the check the host name that the balancer is to send."], result: { rows } });
    return [w, await w.launch("test")];
  }],
  ["check, passed with something to tell", "step:healthy", async () => {
    const w = world([inWords(check("healthy")), manual("look")]);
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
    const w = world([inWords(wait("until", { forMs: null, until: { type: "fake-check", input: {}, times: 2, everyMs: 10_000, limitMs: minute } }))]);
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
  ["live, long names", "live", async () => { const [w, drill] = await longDrill(); await approveBoth(w, drill); await w.clock.advance(70 * minute); return [w, drill]; }],
  ["approval, long names", "step:approve", longDrill],
  ["action, long names", "step:failover", async () => { const [w, drill] = await longDrill(); await approveBoth(w, drill); await w.clock.advance(minute); return [w, drill]; }],
  ["live, cleaning up", "live", drillOf([approval("approve"), action("failover")], async (w, drill) => { w.cleanup.follow_ = () => running; await approveBoth(w, drill); })],
  ["live, to be signed", "live", drillOf([manual("look")], answer("look", "done"))],
  ["live, a step failed", "live", drillOf([manual("look")], answer("look", "failed", "nobody can sign in"))],
  ["live, an undo failed", "live", drillOf([approval("approve"), action("failover")], async (w, drill) => { w.cleanup.follow_ = () => ({ ...succeeded, state: "failed", summary: "locked" }); await approveBoth(w, drill); })],
  ["live, aborted with something left behind", "live", drillOf([approval("approve"), action("failover"), manual("look")], async (w, drill) => { await approveBoth(w, drill); await w.give(drill, olivia, { type: "abort", reason: "wrong plan" }); await w.give(drill, olivia, { type: "accept-debt", operation: "failover#1", reason: "it runs there now" }); }, {}, "live")],
  ["manual, with evidence and an undo", "step:look", drillOf([manual("look", { prose: words, evidence: ["a screen of the payslip"], undo: { text: "Sign the drill user out." } })])],
  ["manual, of many, with something attached", "step:look", drillOf([manual("look", { evidence: ["a screen of the payslip"], undo: { none: "nothing is changed" } }), manual("talk")]), (state) => ({ ...state, roles: { ...state.roles, operator: everybody }, attachments: [attachment] })],
  ["manual, a guard failed", "step:look", drillOf([manual("look", { guard: true })], answer("look", "failed", "nobody can sign in"))],
  ["check, looking", "step:healthy", drillOf([check("healthy"), manual("look")]), withStep("healthy", { status: "open", observation: null })],
  ["check, passed and yet failing", "step:healthy", drillOf([check("healthy"), manual("look")]), (state) => ({ ...withStep("healthy", { status: "failing" })(state) })],
  ["check, not proved, with screens", "step:healthy", async () => {
    const w = world([inWords(check("healthy"))]);
    w.health.observe_ = () => ({ verdict: "not-proved", summary: "web-01 has no agent: its screen has to be looked at", diagnosis: [], result: { servers: [{ name: "web-01", started: "not known", screenshot: { sha256: attachment.sha256 } }, { name: "web-02", started: "yes", screenshot: null }] } });
    return [w, await w.launch("test")];
  }, (state) => ({ ...state, attachments: [{ ...attachment, step: "healthy", by: null, mediaType: "image/png", name: "web-01-test-screen.png" }] })],
  ["action, about to start", "step:failover", drillOf([approval("approve"), action("failover")], approveBoth), (state) => ({ ...withStep("failover", { status: "open", operation: null })(state), status: "running", open: ["failover"] })],
  ["action, nothing was sent", "step:failover", drillOf([approval("approve"), action("failover")], approveBoth), (state) => ({ ...withStep("failover", { status: "failing", operation: null, blocked: { ...problem, message: "The plan is locked by another drill", server: null } })(state), status: "running", open: ["failover"] })],
  ["action, nothing was started", "step:failover", drillOf([approval("approve"), action("failover")], async (w, drill) => { w.failover.start_ = async () => { throw new DrillbookError("azure-refused", "The recovery plan is in use by another job.", "Wait for it, then try again."); }; await approveBoth(w, drill); })],
  ["action, told to go on", "step:failover", drillOf([approval("approve"), action("failover")], async (w, drill) => {
    w.failover.follow_ = () => ({ ...running, tasks, pause: { id: "p1", name: "Manual action", text: "Switch the firewall to the recovery site." } });
    await approveBoth(w, drill);
    await w.clock.advance(minute);
    await w.give(drill, olivia, { type: "answer-pause", operation: "failover#1", pause: "p1", reason: "switched" });
  })],
  ["approval, being prepared", "step:approve", drillOf([approval("approve"), action("failover")]), withStep("approve", { approval: null })],
  ["approval, could not be asked", "step:approve", drillOf([approval("approve"), action("failover")]), withStep("approve", { status: "failing", approval: null, blocked: { ...problem, message: "Azure does not let Drillbook read the plan", action: "Give it the role Site Recovery Reader", server: null } })],
  ["approval, of two roles and alone", "step:approve", drillOf([approval("approve", { also: [{ role: "reviewer", quorum: 1 }] }), action("failover")])],
  ["wait, looking", "step:until", async () => {
    const w = world([inWords(wait("until", { forMs: null, until: { type: "fake-check", input: {}, times: 2, everyMs: 10_000, limitMs: minute } }))]);
    w.health.observe_ = () => failed;
    const drill = await w.launch("test");
    await w.clock.advance(15_000);
    return [w, drill];
  }],
  ["announce, done", "step:tell", drillOf([announcement("tell"), manual("look")], answer("tell", "done", "read out at nine"))],
  ["cleanup, under way", "cleanup", drillOf([approval("approve"), action("failover")], async (w, drill) => { w.cleanup.follow_ = () => ({ ...running, tasks }); await approveBoth(w, drill); await w.clock.advance(minute); })],
  ["cleanup, waits for people", "cleanup", drillOf([approval("approve"), action("failover")], async (w, drill) => { w.cleanup.follow_ = () => ({ ...running, pause: { id: "p1", name: "Manual action", text: "" } }); await approveBoth(w, drill); await w.clock.advance(minute); })],
  ["cleanup, what stays is signed for", "cleanup", drillOf([approval("approve"), action("failover")], async (w, drill) => { await approveBoth(w, drill); await w.give(drill, olivia, { type: "accept-debt", operation: "failover#1", reason: "it runs there now" }); }, {}, "live")],
  ["cleanup, nothing to take back", "cleanup", drillOf([manual("look", { undo: { text: "Set the DNS record back." } })], answer("look", "done"))],
  ["sign-off, signed", "sign-off", drillOf([manual("look")], async (w, drill) => { await answer("look", "done")(w, drill); await sign(w, drill); }, { objectives })],
  ["sign-off, failed", "sign-off", drillOf([manual("look", { onFail: "stop" })], async (w, drill) => { await answer("look", "failed", "it is down")(w, drill); }, { objectives })],
  ["sign-off", "sign-off", drillOf([manual("look"), manual("talk")], async (w, drill) => { await answer("look", "done")(w, drill); await answer("talk", "skipped", "no time")(w, drill); await w.give(drill, olivia, { type: "sign", as: "owner", statement: "" }); }, { objectives })],
];

/** What a card says to somebody who sees neither its colours nor its marks. */
export function spoken(shown: Shown): string {
  return wordsOf(shown.card);
}

