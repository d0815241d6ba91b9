import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startBot, type StartedBot } from "./started-bot.ts";

const start = "start payroll-test-failover plan=rp-payroll network=vnet-dr-isolated now";

describe("a drill through the console, over HTTP", () => {
  let bot: StartedBot;

  afterEach(() => bot.close());

  const page = async (): Promise<string> => (await bot.client.get("/drills/PAY-0001/report")).text();
  const total = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);

  async function approve(): Promise<void> {
    await bot.client.until("Approve");
    await bot.client.press("amir", "Approve");
    await bot.client.press("bea", "Approve");
  }

  async function untilPage(words: string, ms = 100_000): Promise<void> {
    const end = Date.now() + ms;
    while (!(await page()).includes(words)) {
      assert.ok(Date.now() < end, `the page never said "${words}"`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async function untilSaid(words: string, ms = 100_000): Promise<string> {
    for (const end = Date.now() + ms; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
      const said = (await bot.client.activities()).map(({ text }) => text).findLast((text) => text.includes(words));
      if (said !== undefined) return said;
      assert.ok(Date.now() < end, `nobody ever said "${words}"`);
    }
  }

  it("answers help, runbooks, drills and status", async () => {
    bot = await startBot();
    assert.match(await bot.client.say("olivia", "help"), /What you can type/);
    // The runbooks may still be compiling, and an answer that takes its time comes as a message of its own.
    await bot.client.say("olivia", "Runbooks!");
    await untilSaid("start payroll-test-failover");
    assert.match(await bot.client.say("olivia", "drills"), /No drill has been run yet/);
    assert.match(await bot.client.say("olivia", "status"), /No drill is under way in this chat/);
    assert.match(await bot.client.say("olivia", "frobnicate"), /I do not know/);
  });

  it("shows a form with what Azure offers, then what would be touched, and starts nothing before that is confirmed", async () => {
    bot = await startBot();
    await bot.client.say("olivia", "start payroll-test-failover");
    const [plan, network] = ["rp-payroll", "vnet-dr-isolated"];
    const shown = await bot.client.press("olivia", "Show what will be touched", { p_plan: plan, p_network: network });
    assert.match(shown, /sql-payroll · web-01 · web-02/);
    assert.equal((await (await bot.client.get("/drills")).text()).includes("PAY-0001"), false);
  });

  it("says what is wrong with a launch and starts nothing", async () => {
    const folder = mkdtempSync(join(tmpdir(), "drillbook-runbooks-"));
    writeFileSync(join(folder, "broken.md"), "# Broken\n\n## Phase\n\n### Step\n\n```check htpt\nas: browser\n```\n");
    try {
      bot = await startBot({ runbooks: folder });
      const broken = await bot.client.say("olivia", "start broken");
      assert.match(broken, /broken does not compile/);
      assert.match(broken, /broken\.md:7:\d+/);
      assert.match(broken, /http/);
      assert.match(await bot.client.say("olivia", "start brokn"), /There is no runbook "brokn"/);
      assert.match(await bot.client.say("olivia", "start ../../etc/passwd"), /There is no runbook/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("refuses a missing and a wrong parameter by name", async () => {
    bot = await startBot();
    assert.match(await bot.client.say("olivia", "start payroll-test-failover plan=rp-payroll now"), /network/i);
    assert.match(await bot.client.say("olivia", "start payroll-test-failover plan=nonsense network=vnet-dr-isolated now"), /plan/i);
    assert.equal(total(bot.simulator.counts().starts), 0);
  });

  it("keeps who tried what: the wrong person, a second click, an old card", async () => {
    bot = await startBot();
    await bot.client.say("olivia", start);
    await bot.client.until("Approve");
    const old = (await bot.client.buttons()).findLast((b) => b.title === "Approve");
    assert.ok(old);
    assert.match(await bot.client.press("olivia", "Approve"), /launched this drill/);
    assert.match(await bot.client.press("ravi", "Approve"), /not an approver/);
    assert.match(await bot.client.press("amir", "Approve"), /you approved/);
    // Teams sends a press twice when its answer is late: the same one is no second try, another one is.
    assert.match(await bot.client.press("amir", "Approve"), /you approved/);
    assert.match(await bot.client.press("amir", "Approve", { reason: "once more" }), /approved this at .* already/);
    assert.match(await bot.client.click("bea", "approve", { ...old.data, generation: 99 }), /replaced by a newer one/);
    for (const elsewhere of [undefined, "another-message"]) {
      assert.match(await bot.client.click("bea", "approve", old.data, elsewhere), /only on the card that Drillbook itself posted/);
    }
    assert.match(await bot.client.click("bea", "approve", { ...old.data, drill: "PAY-9999" }), /no such drill|There is no/i);
    const told = await bot.client.say("bea", "approve");
    const [, typed = "", code = ""] = /type: (approve \d+ ([A-Z0-9]{4}))/.exec(told) ?? [];
    assert.match(told, /What would be approved at ".*":[^]*\nUndo: [^]*\nsql-payroll · web-01 · web-02/);
    assert.match(await bot.client.say("bea", `approve ${code}`), /If you agree, type: approve/, "the code alone is not enough");
    assert.match(await bot.client.say("bea", `${typed.replace(code, "AAAA")}`), new RegExp(`The code does not belong to what is being asked now[^]*What would be approved at [^]*type: ${typed}\\.`, "u"));
    assert.match(await bot.client.say("olivia", typed), /launched this drill/);
    assert.equal(total(bot.simulator.counts().starts), 0);
    const html = await page();
    assert.match(html, /launched this drill or performs steps/);
    assert.match(html, /is not an approver of this drill/);
    assert.match(html, /approved this at .* already/);
    assert.match(html, /replaced by a newer one/);
    assert.match(html, /The code does not belong to what is being asked now/);
    assert.match(html, /only on the card that Drillbook itself posted/);
  });

  it("keeps what people attach, by its hash, and gives it out as a download alone", async () => {
    bot = await startBot();
    await bot.client.say("olivia", start);
    const bytes = new TextEncoder().encode("<script>alert(1)</script>");
    const told = await bot.client.attach("amir", "", "what I saw.html", bytes);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    assert.ok(told.includes(`SHA-256 ${sha256.slice(0, 12)}`), told);
    assert.match(await bot.client.attach("amir", "", "tool.exe", Uint8Array.from([0x4d, 0x5a, 0, 0])), /was not kept: pictures/);
    assert.match(await bot.client.attach("dana", "PAY-0009", "x.txt", bytes), /There is no such drill/);
    const file = await bot.client.get(`/drills/PAY-0001/attachments/${sha256}`);
    assert.equal(file.headers.get("content-type"), "application/octet-stream");
    assert.match(file.headers.get("content-disposition") ?? "", /^attachment; filename="what_I_saw\.html"/);
    assert.deepEqual(new Uint8Array(await file.arrayBuffer()), bytes);
    assert.equal((await bot.client.get(`/drills/PAY-0001/attachments/${"0".repeat(64)}`)).status, 404);
    assert.match(await bot.client.say("olivia", "status"), /1 file kept as evidence/);
  });

  it("takes back what it started when it is aborted during the failover", async () => {
    bot = await startBot({ pace: 100 });
    await bot.client.say("olivia", start);
    await approve();
    while (total(bot.simulator.counts().starts) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.match(await bot.client.say("amir", "abort because a real outage has priority"), /Aborting/);
    await untilPage("complete and closed");
    assert.equal(total(bot.simulator.counts().starts), 1);
    assert.equal(total(bot.simulator.counts().cleanups), 1);
    assert.match(await page(), /aborted/i);
  });

  it("ends at once when it is aborted before anything was started", async () => {
    bot = await startBot();
    await bot.client.say("olivia", start);
    await bot.client.until("Approve");
    await bot.client.say("olivia", "abort because wrong day");
    await untilPage("complete and closed");
    assert.deepEqual(bot.simulator.counts(), { starts: {}, cleanups: {} });
    // Nobody signs such a drill: its last card is the live one.
    const card = await untilSaid("Evidence of PAY-0001 up to event");
    const cli = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));
    const drillbook = async (...args: readonly string[]) => promisify(execFile)(process.execPath, [cli, ...args], { env: { PATH: process.env["PATH"] ?? "", DRILLBOOK_DATA: bot.data } });
    const file = join(bot.data, "PAY-0001.zip");
    await drillbook("export", "PAY-0001", "--out", file);
    assert.match((await drillbook("verify", file, "--card", card)).stdout, /^Intact, and signed by a key that you know/);
    await assert.rejects(drillbook("verify", file, "--card", card.replace(/head \w{8}/, "head 00000000")), { code: 1, stdout: /leads to another head than the one on the card/ });
  });

  for (const [name, misfortune] of [
    ["answers 429", { kind: "answer", status: 429 }],
    ["refuses with 409", { kind: "answer", status: 409 }],
  ] as const) {
    it(`says so and starts nothing when Azure ${name} to the start`, async () => {
      bot = await startBot();
      bot.simulator.add({ ...misfortune, on: { method: "POST", path: "testFailover$" }, times: 1 });
      await bot.client.say("olivia", start);
      await approve();
      await bot.client.until("Try again");
      assert.equal(total(bot.simulator.counts().starts), 0);
      await bot.client.press("olivia", "Try again");
      await bot.client.until("Done");
      assert.equal(total(bot.simulator.counts().starts), 1);
    });
  }

  it("asks a person when Azure answers 500 and shows no trace, and sends nothing again by itself", async () => {
    bot = await startBot();
    bot.simulator.add({ kind: "answer", status: 500, on: { method: "POST", path: "testFailover$" }, times: 1 });
    await bot.client.say("olivia", start);
    await approve();
    await bot.client.until("It did not start");
    assert.equal(total(bot.simulator.counts().starts), 0);
    assert.match(await bot.client.press("olivia", "It did not start"), /needs a reason/);
    await bot.client.press("olivia", "It did not start", { reason: "the portal shows no job" });
    await bot.client.until("Try again");
    await bot.client.press("olivia", "Try again");
    await bot.client.until("Done");
    assert.equal(total(bot.simulator.counts().starts), 1);
  });

  it("lets another command export a drill beside the running bot, and the bundle verifies", async () => {
    bot = await startBot();
    await bot.client.say("olivia", start);
    await approve();
    await bot.client.until("Done");
    const cli = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));
    const run = promisify(execFile);
    const env = { PATH: process.env["PATH"] ?? "", DRILLBOOK_DATA: bot.data };
    const file = join(bot.data, "PAY-0001.zip");
    const exported = await run(process.execPath, [cli, "export", "pay-0001", "--out", file, "--json"], { env });
    const { publicKey } = JSON.parse(exported.stdout) as { publicKey: string };
    const verified = await run(process.execPath, [cli, "verify", file, "--key", publicKey, "--json"], { env });
    const report = JSON.parse(verified.stdout) as { status: string; facts: { state: string } };
    assert.deepEqual([report.status, report.facts.state], ["intact", "open"]);
  });

  it("never sends twice when Azure's answer to the start is lost", async () => {
    bot = await startBot();
    bot.simulator.add({ kind: "lost-answer", on: { method: "POST", path: "testFailover$" }, times: 1 });
    await bot.client.say("olivia", start);
    await approve();
    await bot.client.until("Done");
    assert.equal(total(bot.simulator.counts().starts), 1);
    assert.match(await page(), /adopted|found again/i);
  });

  it("tells the operator when Azure does not answer at all, and goes on when it does", async () => {
    bot = await startBot();
    bot.simulator.add({ kind: "answer", status: 503, on: { path: "." }, times: null });
    assert.match(await bot.client.say("olivia", start), /Azure could not be asked/);
    bot.simulator.clearMisfortunes();
    await bot.client.say("olivia", start);
    await bot.client.until("Approve");
    bot.simulator.add({ kind: "answer", status: 503, on: { path: "." }, times: null });
    await bot.client.press("amir", "Approve");
    await bot.client.press("bea", "Approve");
    await bot.client.until("Try again");
    assert.equal(total(bot.simulator.counts().starts), 0);
    bot.simulator.clearMisfortunes();
    await bot.client.press("olivia", "Try again");
    await bot.client.until("Done");
  });
});
