import assert from "node:assert/strict";
import { createMembership, type DirectoryPerson } from "../../../src/people/membership.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { openServer } from "../../../src/web/server.ts";
import { approvalRunbook } from "./approval-runbook.ts";
import type { FakeConnector } from "./fake-connector.ts";
import { keptLog } from "./kept-log.ts";
import { rawRequest } from "./raw-request.ts";
import { button, shownIn, untilShown, withButton, type Shown } from "./shown-in-teams.ts";
import { emptyPages, overheard, startConsole } from "./started-console.ts";
import { groupChat, startTeams, type StartedTeams } from "./started-teams.ts";
import { teamsPerson, tenantId, type TeamsPerson } from "./tenant.ts";

type Route = readonly [method: "GET" | "POST" | "PUT", path: string];

/** A path as a stranger would guess it. */
const asked = (path: string): string => path.replaceAll(/:(\w+)/gu, (_, name: string) => ({ id: "PAY-1", seq: "1", hash: "0".repeat(64), conversation: "rehearsal", activity: "m1", name: "console.js" })[name] ?? "x");

const pages = ["/drills", "/drills/:id", "/drills/:id/attachments/:hash", "/drills/:id/bundle.zip", "/drills/:id/events", "/drills/:id/replay/:seq", "/drills/:id/report", "/drills/:id/shown/:hash", "/drills/:id/verify"];

describe("every route there is, asked by a stranger", () => {
  it("of the console: the guard of each refuses, whatever it is asked with", async () => {
    const routes: Route[] = [];
    const started = await startConsole(async () => ({ messages: [] }), { onRoute: (...route) => void routes.push(route) });
    try {
      const own = { host: `127.0.0.1:${started.port}`, origin: started.origin, "content-type": "application/json" };
      for (const [method, path] of routes.filter(([, path]) => path !== "/auditor/assets/:name")) {
        for (const headers of [own, { ...own, cookie: `drillbook-${started.port}=1.2.3` }, { ...own, "x-drillbook-connector": "x" }, { ...own, authorization: "Bearer a.b.c" }]) {
          const { status } = await rawRequest({ port: started.port, method, path: asked(path), headers, ...(method === "GET" ? {} : { body: "{}" }) });
          assert.ok(status === 401 || status === 403, `${method} ${path}: ${status}`);
        }
      }
      const connector = "/console/connector/v3/conversations/:conversation";
      assert.deepEqual(routes.filter(([method]) => method !== "GET").map(([method, path]) => `${method} ${path}`).toSorted(), ["POST /api/messages", `POST ${connector}/activities`, `POST ${connector}/activities/:activity`, `PUT ${connector}/activities/:activity`]);
      assert.deepEqual(routes.filter(([method]) => method === "GET").map(([, path]) => path).toSorted(), ["/", "/auditor/assets/:name", "/console", "/console/activities", "/console/assets/:name", `${connector}/pagedmembers`, "/console/events", "/console/people", ...pages].toSorted());
    } finally {
      await started.close();
    }
  });

  it("of the auditor's pages: each asks who reads, and gives nothing of a drill to whoever is not let in", async () => {
    const routes: Route[] = [];
    const server = await openServer({ host: "127.0.0.1", port: 0, access: "public", ready: () => true, log: keptLog().log });
    try {
      let admitted = 0;
      await emptyPages(overheard(server, (...route) => void routes.push(route)), () => {
        admitted += 1;
        return { refused: { status: 418, type: "text/plain", body: "nobody" } };
      });
      for (const [method, path] of routes.filter(([, path]) => path !== "/auditor/assets/:name")) {
        for (const way of [method, "HEAD"]) assert.equal((await rawRequest({ port: server.port, method: way, path: asked(path) })).status, 418, `${way} ${path}`);
      }
      assert.deepEqual(routes.map(([, path]) => path).toSorted(), ["/auditor/assets/:name", ...pages].toSorted());
      assert.equal(admitted, pages.length * 2);
    } finally {
      await server.close();
    }
  });
});

describe("ids written in capitals", () => {
  it("in settings, in the people file and by Teams are the same ids: a drill is started and approved", async () => {
    const [olivia, amir, bea] = ["Olivia", "Amir", "Bea"].map((name) => { const person = teamsPerson(name); return { ...person, id: person.id.toUpperCase() }; }) as [TeamsPerson, TeamsPerson, TeamsPerson];
    const capitals = "BBBBBBBB-2222-4333-8444-CCCCCCCCCCCC";
    const teams = await startTeams({ operators: [olivia], approvers: [amir, bea], runbook, appId: capitals.toLowerCase(), env: { DRILLBOOK_BOT_APP_ID: capitals, DRILLBOOK_BOT_TENANT_ID: tenantId.toUpperCase() } });
    try {
      for (const recipient of [capitals.toLowerCase(), capitals]) assert.equal((await teams.post(olivia, { type: "message", text: "help", recipient: { id: `28:${recipient}` } })).status, 200);
      assert.equal(await teams.arrive(olivia, { type: "message", text: "start approve-it now" }), 200);
      const inTheGroup = (verb: string) => untilShown(teams.connector, verb, (m) => m.conversation === groupChat && withButton(verb)(m));
      const look = await inTheGroup("done");
      await teams.press(olivia, look.id, "done", button(look, "done").data);
      const asksFor = await inTheGroup("approve");
      assert.match(JSON.stringify(await teams.press(amir, asksFor.id, "approve", button(asksFor, "approve").data)), /you approved/u);
    } finally {
      await teams.close();
    }
  });
});

const runbook = approvalRunbook({ quorum: 2, expires: "20h", before: ["Look at it"], after: ["Look once more"] });

const entra = { operators: "aaaaaaaa-0000-4000-8000-000000000001", approvers: "aaaaaaaa-0000-4000-8000-000000000002", auditors: "aaaaaaaa-0000-4000-8000-000000000003" };
const minute = 60_000;
const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.from("pixels")]);

describe("every way in which a person acts in Teams, with groups that Entra fills", () => {
  const [olivia, amir, bea, cleo, guest] = ["Olivia", "Amir", "Bea", "Cleo", "Gus"].map(teamsPerson) as [TeamsPerson, TeamsPerson, TeamsPerson, TeamsPerson, TeamsPerson];
  let teams: StartedTeams;
  let connector: FakeConnector;
  let ahead: number;
  let drill: string;
  let away: boolean;
  let inEntra: Record<string, readonly DirectoryPerson[]>;
  let lookedUp: string[];
  const clock = (): Date => new Date(Date.now() + ahead);
  const known = ({ id, name }: TeamsPerson, isGuest = false): DirectoryPerson => ({ id, name, guest: isGuest });

  beforeEach(async () => {
    ahead = 0;
    away = false;
    lookedUp = [];
    inEntra = { [entra.operators]: [known(olivia)], [entra.approvers]: [known(amir), known(bea), known(guest, true)], [entra.auditors]: [known(cleo)] };
    const membership = createMembership(async (asksFor) => {
      lookedUp.push(asksFor);
      if (away) throw new Error("Graph is away");
      return inEntra[asksFor] ?? [];
    }, clock);
    const groups = { "dr-operators": { entra: entra.operators }, "service-owners": { entra: entra.approvers }, auditors: { entra: entra.auditors } };
    teams = await startTeams({ operators: [olivia], approvers: [amir, bea], members: [olivia, amir, bea, cleo, guest], runbook, groups, more: { clock, membership } });
    ({ connector } = teams);
    await teams.arrive(olivia, { type: "message", text: "start approve-it now" });
    drill = String(button(await card("done"), "done").data["drill"]);
  });
  afterEach(() => teams?.close());

  const card = (verb: string): Promise<Shown> => untilShown(connector, verb, (m) => m.conversation === groupChat && withButton(verb)(m));
  const press = async (who: TeamsPerson, on: Shown, verb: string, more: object = {}): Promise<string> => JSON.stringify((await teams.press(who, on.id, verb, { ...button(on, verb).data, ...more } as Json)).value);
  const say = (who: TeamsPerson, text: string, wanted = /./u): Promise<Shown> => {
    // Nobody types more than ten messages a minute.
    ahead += 6_000;
    return teams.says(who, text, wanted);
  };
  const refused = async (): Promise<readonly string[]> => (await teams.events(drill)).flatMap((event) => (event.type === "command.refused" ? [`${event.by?.name ?? ""} ${event.command}`] : []));
  const happened = async (): Promise<readonly string[]> => (await teams.events(drill)).filter((event) => event.type !== "command.refused" && event.by !== null).map((event) => event.type);
  const toApproval = async (): Promise<Shown> => {
    await press(olivia, await card("done"), "done");
    return card("approve");
  };
  const submit = (who: TeamsPerson, on: Shown, verb: string, more: object = {}) => teams.arrive(who, { type: "message", text: "", replyToId: on.id, value: { verb, ...button(on, verb).data, ...more } });
  const sendFile = (who: TeamsPerson) => teams.arrive(who, { type: "message", text: drill, attachments: [{ contentType: "image/*", contentUrl: `${connector.origin}/emea/v3/attachments/1/views/original` }] }, "personal");

  /** Every way in which an operator changes a drill, or makes one, at a step that waits for them. */
  async function operatorTriesAll(): Promise<readonly string[]> {
    const on = await card("done");
    connector.behave = ({ url }) => (url?.includes("/v3/attachments/") === true ? (_, response) => void response.setHeader("content-type", "image/png").end(png) : null);
    await press(olivia, on, "done");
    await submit(olivia, on, "done", { reason: "submitted" });
    for (const text of ["done", "failed because no", "skip because no", "note seen", "finding seen", "pause because late", "hand over to Bea because late", "hand over role operator to Bea because late", "abort because late", "clean up because late"]) await say(olivia, `${drill} ${text}`);
    await press(olivia, await card("ask-abort"), "ask-abort");
    await teams.press(olivia, "form", "abort", { drill, reason: "on the form" });
    ahead += 6_000;
    await sendFile(olivia);
    await say(olivia, "start approve-it now");
    await teams.press(olivia, "form", "launch", { runbook: "approve-it", params: {} });
    await say(olivia, "drills");
    return ["answer", "answer", "answer", "answer", "answer", "note", "record-finding", "pause", "hand-over", "hand-over-role", "abort", "give-up", "abort", "attach"].map((command) => `Olivia ${command}`);
  }
  const drillsThereAre = async (): Promise<number> => (await say(cleo, "drills", /^Drillbook[^]*Drills/u)).text.match(/APP-\d{4}/gu)?.filter((id, at, all) => all.indexOf(id) === at).length ?? 0;

  it("somebody who left the group of operators changes nothing and starts nothing, by any of them, and each try is on record", async () => {
    const before = await happened();
    inEntra[entra.operators] = [];
    ahead += 11 * minute;
    const tried = await operatorTriesAll();
    assert.deepEqual(await refused(), tried);
    assert.deepEqual(await happened(), before);
    assert.equal(await drillsThereAre(), 1);
  });

  it("while Entra is away and what is known has grown old nobody changes anything; a look at the drill is still given", async () => {
    const before = await happened();
    away = true;
    ahead += 11 * minute;
    const tried = await operatorTriesAll();
    assert.deepEqual(await refused(), tried);
    assert.deepEqual(await happened(), before);
    assert.equal(await drillsThereAre(), 1);
    await say(olivia, `${drill} status`, /Look at it/u);
  });

  it("an approver who left a second ago decides nothing, by a button, a form or words; a note is still taken", async () => {
    const on = await toApproval();
    const typed = `approve 2 ${String(/[A-Z0-9]{4}$/u.exec(String(button(on, "approve").data["code"]))?.[0])}`;
    inEntra[entra.approvers] = [known(bea)];
    ahead += 1_000;
    await say(amir, `${drill} note I was here`, /noted|Noted/u);
    assert.match(await press(amir, on, "approve"), /no longer in its group/u);
    assert.match(await press(amir, on, "reject", { reason: "no" }), /no longer in its group/u);
    await submit(amir, on, "approve", { reason: "submitted" });
    await say(amir, `${drill} ${typed}`);
    assert.deepEqual(await refused(), ["Amir decide", "Amir decide", "Amir decide", "Amir decide"]);
    assert.ok(!(await happened()).includes("approval.decided"));
    assert.match(await press(bea, on, "approve"), /you approved/u);
  });

  it("every decision that lets something happen looks into Entra anew, and is denied when that cannot be asked", async () => {
    const on = await toApproval();
    const looked = async (work: Promise<unknown>): Promise<number> => {
      lookedUp.length = 0;
      await work;
      return lookedUp.filter((id) => id === entra.approvers).length;
    };
    assert.equal(await looked(say(amir, `${drill} note seen`)), 0);
    assert.equal(await looked(press(amir, on, "approve")), 1);
    await say(olivia, `${drill} add approver Cleo because Bea is asleep`);
    assert.equal(await looked(say(amir, `${drill} admit Cleo`)), 1, "who may approve is decided by nobody on a guess");
    away = true;
    ahead += 2 * minute;
    assert.match(await press(bea, on, "approve"), /directory|Entra/iu);
    assert.equal((await happened()).filter((type) => type === "approval.decided").length, 1);
  });

  it("a file of somebody who has no part in the drill is not even fetched, and the try is on record", async () => {
    await sendFile(guest);
    assert.deepEqual(connector.received.filter(({ path }) => path.includes("/v3/attachments/")), []);
    assert.deepEqual(await refused(), ["Gus attach"]);
    assert.match(shownIn(connector).at(-1)?.text ?? "", /was not kept/u);
  });

  it("whoever takes the app out of a team is still reached in person", async () => {
    await teams.arrive(bea, { type: "message", text: "help" }, "personal");
    const own = () => connector.received.filter(({ method, path }) => method === "POST" && path.endsWith("/v3/conversations")).length;
    await teams.arrive(bea, { type: "installationUpdate", action: "remove" }, "group");
    await toApproval();
    await untilShown(connector, "Bea's own card", (m) => m.conversation === "a:bea-and-the-bot" && withButton("approve")(m));
    assert.ok(own() <= 1, "Amir's chat alone had to be opened");
  });

  it("a role is handed over to nobody whom its group does not hold: they could do nothing, and nobody else could either", async () => {
    await say(olivia, `${drill} hand over role operator to Bea because my shift ends`, /Bea is not in the group that fills the role "operator"/u);
    away = true;
    ahead += 2 * minute;
    await say(olivia, `${drill} hand over role operator to Bea because my shift ends`, /directory|Entra/iu);
    assert.deepEqual(await refused(), ["Olivia hand-over-role", "Olivia hand-over-role"]);
    away = false;
    ahead += minute;
    inEntra[entra.operators] = [known(olivia), known(bea)];
    await say(olivia, `${drill} hand over role operator to Bea because my shift ends`);
    await say(bea, `${drill} done`, /Recorded/u);
    assert.deepEqual((await refused()).length, 2);
  });

  it("a guest who is in the group of approvers is none of them unless listed", async () => {
    const on = await toApproval();
    assert.match(await press(guest, on, "approve"), /not an approver/u);
    assert.deepEqual(await refused(), ["Gus decide"]);
  });

  it("somebody of another tenant is refused at the door by every one of them, and a client that refreshes decides nothing", async () => {
    const on = await toApproval();
    const before = await teams.events(drill);
    const foreign = { from: { id: amir.account, name: amir.name, aadObjectId: amir.id, tenantId: "bbbbbbbb-bbbb-4ccc-8ddd-eeeeeeeeeeee" } };
    const value = (trigger: string) => ({ action: { type: "Action.Execute", verb: "approve", data: button(on, "approve").data }, trigger });
    const invoke = { type: "invoke", name: "adaptiveCard/action", replyToId: on.id };
    for (const activity of [{ type: "message", text: "help" }, { type: "message", text: "", value: { verb: "approve", ...button(on, "approve").data } }, { ...invoke, value: value("manual") }, { type: "installationUpdate", action: "add" }, { type: "conversationUpdate", membersAdded: [] }]) {
      assert.equal((await teams.post(amir, { ...activity, ...foreign })).status, 403, activity.type);
    }
    for (const trigger of ["automatic", "Automatic", "AUTOMATIC", " automatic", "auto", ""]) {
      assert.doesNotMatch((await teams.post(amir, { ...invoke, value: value(trigger) })).body, /you approved/u, trigger);
    }
    assert.deepEqual(await teams.events(drill), before);
  });
});
