import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { verifyBundle } from "../../../src/evidence/verify.ts";
import { openLocalKey } from "../../../src/evidence/keys.ts";
import { payrollDrill } from "../../unit/evidence/fixtures/payroll-drill.ts";
import { rawRequest } from "../bot/raw-request.ts";
import { longDrill } from "./long-drill.ts";
import { renumbered, seededPages, type SeededPages } from "./seeded-pages.ts";

const hostile = `</pre><script>alert(1)</script><img src=x onerror=alert(1)>"'`;

describe("the auditor's pages over HTTP", () => {
  let pages: SeededPages;

  before(async () => {
    pages = await seededPages([
      payrollDrill(),
      renumbered(payrollDrill({ mode: "test", says: hostile }), "PAY-0043"),
      renumbered(payrollDrill({ mode: "test", until: "failover" }), "PAY-0044"),
      longDrill("LONG-1", 4_321),
    ]);
  });
  after(() => pages.close());

  const ask = (path: string, method = "GET", headers: Record<string, string> = {}) =>
    rawRequest({ port: pages.server.port, method, path, headers: { host: `127.0.0.1:${pages.server.port}`, origin: pages.server.origin, ...headers } });
  const text = async (path: string): Promise<string> => (await ask(path)).body;

  it("lists the drills, and finds them by word, mode, result and day", async () => {
    const ids = async (query: string) => [...new Set([...(await text(`/drills?${query}`)).matchAll(/href="\/drills\/([A-Z0-9-]+)"/g)].map((m) => m[1]))].toSorted();
    assert.deepEqual(await ids(""), ["LONG-1", "PAY-0042", "PAY-0043", "PAY-0044"]);
    assert.deepEqual(await ids("q=payroll+0043"), ["PAY-0043"]);
    assert.deepEqual(await ids("mode=rehearsal"), ["PAY-0042"]);
    assert.deepEqual(await ids("result=open&q=pay"), ["PAY-0044"]);
    assert.deepEqual(await ids("from=2026-11-20&to=2026-11-20&mode=test"), ["PAY-0043", "PAY-0044"]);
    assert.deepEqual(await ids("q=nothing+like+it"), []);
    assert.match(await text("/drills?q=%3Cscript%3E"), /value="&lt;script&gt;"/);
  });

  it("shows what people, parameters and Azure said as text, on every page of a drill", async () => {
    const seqs = Array.from({ length: 40 }, (_, i) => `/drills/PAY-0043/replay/${i + 1}`);
    for (const path of ["/drills/PAY-0043", "/drills/PAY-0043/events", "/drills/PAY-0043/report", "/drills/PAY-0043/verify", ...seqs]) {
      const { status, body } = await ask(path);
      if (status === 404) continue;
      assert.equal(status, 200, path);
      assert.doesNotMatch(body, /<script>alert|<img src=x/, path);
      assert.doesNotMatch(body.replaceAll(/<script src="\/auditor\/assets\/[a-z.-]+"( type="module"| defer)><\/script>/g, ""), /<script/, path);
    }
  });

  it("replays event by event: who, what, the drill after it, the raw request and the card", async () => {
    const all = await text("/drills/PAY-0043/events");
    const seqOf = (words: RegExp): string => /replay\/(\d+)/.exec(all.split("<tr>").find((row) => words.test(row)) ?? "")?.[1] ?? "";
    const shown = await text(`/drills/PAY-0043/replay/${seqOf(/card shown/)}`);
    assert.match(shown, /data-card="\/drills\/PAY-0043\/shown\/[0-9a-f]{64}"/);
    assert.match(shown, /Approve the test failover\?/);
    const started = await text(`/drills/PAY-0043/replay/${seqOf(/Start the test failover(?:"|&quot;|&#34;) started/)}`);
    assert.match(started, /POST \/subscriptions/);
    assert.match(started, /x-ms-client-request-id: /);
    assert.match(started, /aria-current="step"/);
    const card = /data-card="([^"]+)"/.exec(shown)?.[1] ?? "";
    const { headers, body } = await ask(card);
    assert.equal(headers["content-type"], "application/json");
    assert.match(String(headers["content-security-policy"]), /sandbox/);
    assert.equal(JSON.parse(body).type, "AdaptiveCard");
    assert.equal((await ask("/drills/PAY-0043/replay/99999")).status, 404);
  });

  it("gives the cards that this drill's approvers were shown, and no other bytes of the store", async () => {
    const { events, blobs } = payrollDrill({ mode: "test", says: hostile });
    const cards = events.flatMap((event) => (event.type === "approval.shown" ? [event.card] : []));
    const others = [...blobs.keys()].filter((hash) => !cards.includes(hash));
    assert.ok(cards.length > 0 && others.length > 0);
    for (const hash of cards) {
      assert.equal((await ask(`/drills/PAY-0043/shown/${hash}`)).status, 200);
      assert.equal((await ask(`/drills/LONG-1/shown/${hash}`)).status, 404, "of another drill");
      assert.equal((await ask(`/drills/PAY-0099/shown/${hash}`)).status, 404, "of no drill");
    }
    for (const hash of others) assert.equal((await ask(`/drills/PAY-0043/shown/${hash}`)).status, 404, hash);
  });

  it("pages through a long history without reading it whole, and searches on from where it stopped", async () => {
    const first = await text("/drills/LONG-1/events");
    assert.equal([...first.matchAll(/aria-label="Replay event \d+"/g)].length, 100);
    const last = await text("/drills/LONG-1/events?after=4300");
    assert.match(last, /Events 4301 to 4321/);
    assert.match(await text("/drills/LONG-1/events?q=4000+seconds"), /Replay event 4004/);
    const late = await text("/drills/LONG-1/replay/4000");
    assert.match(late, /Event 4000 of 4321/);
    assert.match(await text("/drills/LONG-1"), /All 4321 events/);
  });

  it("says live whether the stored evidence holds, and gives a bundle that does", async () => {
    const live = JSON.parse((await ask("/drills/PAY-0043/verify", "GET", { accept: "application/json" })).body);
    assert.equal(live.status, "intact");
    assert.match(live.said, /lies under the checkpoint of .* signed with a local key/);
    const response = await fetch(`${pages.server.origin}/drills/PAY-0043/bundle.zip`);
    assert.equal(response.headers.get("content-disposition"), 'attachment; filename="PAY-0043.zip"');
    const report = verifyBundle(new Uint8Array(await response.arrayBuffer()), { knownKeys: [openLocalKey(pages.folder, { rehearsal: false }).publicPem] });
    assert.equal(report.status, "intact");
  });

  it("answers HEAD, and refuses every way to write", async () => {
    for (const path of ["/drills", "/drills/PAY-0043", "/drills/PAY-0043/replay/1"]) {
      assert.deepEqual([(await ask(path, "HEAD")).status, (await ask(path, "HEAD")).body], [200, ""]);
      for (const method of ["POST", "PUT", "DELETE", "PATCH"]) assert.equal((await ask(path, method)).status, 405, `${method} ${path}`);
    }
  });

  it("knows no drill by another form of id, and no file by another form of hash", async () => {
    for (const path of ["/drills/PAY-0002", "/drills/..%2f..%2fetc", "/drills/-x", `/drills/${"a".repeat(64)}`, "/drills/PAY_0001", "/drills/%00", "/drills/PAY-0043/shown/..%2f..", `/drills/PAY-0043/shown/${"0".repeat(64)}`, "/auditor/assets/..%2fpages.ts"]) {
      const { status } = await ask(path);
      assert.ok(status === 404 || status === 400, `${path} ${status}`);
    }
  });

  it("sends a policy that lets nothing run but its own files", async () => {
    const policy = String((await ask("/drills/PAY-0043")).headers["content-security-policy"]);
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self'(;|$)/);
    assert.doesNotMatch(policy, /unsafe/);
  });

  it("puts every read on record, with who and what, before it is answered", async () => {
    const before = pages.reads().length;
    await ask("/drills?q=pay");
    await ask("/drills/PAY-0043/replay/2");
    await ask("/drills/NOT-1");
    assert.deepEqual(pages.reads().slice(before).map(({ method, path, status, reader }) => ({ method, path, status, reader })), [
      { method: "GET", path: "/drills?q=pay", status: 200, reader: null },
      { method: "GET", path: "/drills/PAY-0043/replay/2", status: 200, reader: null },
      { method: "GET", path: "/drills/NOT-1", status: 404, reader: null },
    ]);
  });
});

describe("the auditor's pages over a store that was changed behind its back", () => {
  it("say so live, naming the event", async () => {
    const pages = await seededPages([payrollDrill()]);
    try {
      const db = new DatabaseSync(join(pages.folder, "drillbook.db"));
      db.exec("DROP TRIGGER event_no_update; UPDATE event SET bytes = CAST(replace(CAST(bytes AS TEXT), 'approve', 'reject!') AS BLOB) WHERE type = 'approval.decided'");
      db.close();
      const live = await (await fetch(`${pages.server.origin}/drills/PAY-0042/verify`, { headers: { accept: "application/json" } })).json() as { status: string; problem: string };
      assert.equal(live.status, "broken");
      assert.match(live.problem, /Event \d+ of drill PAY-0042 does not follow/);
    } finally {
      await pages.close();
    }
  });
});

describe("the auditor's pages over a drill that is too long to be read whole", () => {

  it("show every part of it from a thousand events at a time, and leave its whole report to the bundle", async () => {
    let largest = 0;
    const pages = await seededPages([longDrill("LONG-2", 20_001)], undefined, (limit) => (largest = Math.max(largest, limit)));
    try {
      const page = async (path: string): Promise<string> => (await fetch(`${pages.server.origin}/drills/LONG-2${path}`)).text();
      assert.match(await page(""), /All 20001 events/);
      assert.match(await page("/events?q=nowhere"), /looked through/);
      assert.match(await page("/replay/19998"), /Event 19998 of 20001/);
      assert.match(await page("/verify"), /Intact: all 20001 events/);
      const report = await page("/report");
      assert.match(report, /too long for a page/);
      assert.ok(report.length < 50_000);
      assert.ok(largest >= 100 && largest <= 2_000, `${largest} events at once`);
    } finally {
      await pages.close();
    }
  });
});
