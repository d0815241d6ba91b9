import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crashPoints } from "../../src/drills/perform.ts";
import { probeScripts } from "../../src/checks/http/probe-scripts.ts";
import { exportBundle } from "../../src/evidence/export.ts";
import { openLocalKey } from "../../src/evidence/keys.ts";
import { verifyBundle } from "../../src/evidence/verify.ts";
import { payroll } from "../../src/simulator/estates/payroll.ts";
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";
import { openStore } from "../../src/storage/open.ts";
import { ConsoleClient } from "../console-client.ts";
import { spawnBot } from "./spawned-bot.ts";

const drill = "PAY-0001";

describe("killed at any boundary of the failover, Drillbook starts it at most once and goes on", function () {
  this.timeout(300_000);
  let data: string;
  let simulator: Simulator;

  beforeEach(async () => {
    data = mkdtempSync(join(tmpdir(), "drillbook-kill-"));
    const knownScripts = new Set(Object.values(probeScripts()).map((s) => s.sha256));
    simulator = await startSimulator({ estate: payroll, pace: 500, knownScripts, seed: "kill" });
  });

  afterEach(async () => {
    await simulator.close();
    rmSync(data, { recursive: true, force: true });
  });

  // The first write of the drill is the test failover, the second its cleanup.
  for (const nth of [1, 2]) {
    for (const boundary of crashPoints) {
      it(`${boundary} of the ${nth === 1 ? "test failover" : "cleanup"}`, async () => {
        const first = await spawnBot(data, simulator, { boundary, nth });
        const client = await ConsoleClient.open(first.link);
        const driven = drive(client, { from: "start" }).catch((error: unknown) => error);
        assert.equal(await first.ended, "SIGKILL", "the process was to be killed");
        await driven;

        const second = await spawnBot(data, simulator);
        try {
          const again = await ConsoleClient.open(second.link);
          const asked = await drive(again, { from: "anywhere" });
          assert.ok(total(simulator.counts().starts) <= 1, `started ${total(simulator.counts().starts)} times`);
          // Only where the send may really have been lost does anybody have to be asked.
          assert.equal(asked, boundary === "after-intent" || boundary === "before-call", "a person was asked");
        } finally {
          await second.stop("SIGTERM");
        }
        await assertIntact(data);
      });
    }
  }

  it("stops on SIGTERM and goes on where it was", async () => {
    const first = await spawnBot(data, simulator);
    const client = await ConsoleClient.open(first.link);
    await startDrill(client);
    assert.equal(await first.stop("SIGTERM"), "0");
    const second = await spawnBot(data, simulator);
    try {
      await drive(await ConsoleClient.open(second.link), { from: "anywhere" });
    } finally {
      await second.stop("SIGTERM");
    }
    assert.equal(total(simulator.counts().starts), 1);
    await assertIntact(data);
  });

  it("stops within 25 seconds of SIGTERM also when Azure does not answer at that moment, and goes on where it was", async () => {
    simulator.add({ kind: "hang", on: { method: "GET", path: "/replicationJobs/" }, times: null });
    const sent = () => simulator.requests.filter((r) => r.method === "GET" && r.path.includes("/replicationJobs/"));
    const first = await spawnBot(data, simulator);
    const client = await ConsoleClient.open(first.link);
    await startDrill(client);
    for (const person of ["amir", "bea"]) await client.press(person, "Approve");
    const end = Date.now() + 60_000;
    while (sent().length === 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(sent()[0]?.status, null, "the look at what was started hangs");
    const from = performance.now();
    assert.equal(await first.stop("SIGTERM"), "0");
    const tookMs = performance.now() - from;
    assert.ok(tookMs < 25_000, `it took ${Math.round(tookMs)} ms`);
    simulator.clearMisfortunes();
    const second = await spawnBot(data, simulator);
    try {
      assert.equal(await drive(await ConsoleClient.open(second.link), { from: "anywhere" }), false, "a person was asked");
    } finally {
      await second.stop("SIGTERM");
    }
    assert.equal(total(simulator.counts().starts), 1);
    await assertIntact(data);
  });
});

async function startDrill(client: ConsoleClient): Promise<void> {
  await client.say("olivia", "start payroll-test-failover plan=rp-payroll network=vnet-dr-isolated now");
  await client.until("Approve");
}

/** What stands on a card, who presses it, and what they put into its inputs. The first that is shown is pressed. */
const plays: readonly (readonly [title: string, people: readonly string[], inputs: Readonly<Record<string, string>>])[] = [
  ["It did not start", ["olivia"], { reason: "the simulator shows no job" }],
  ["Undo again", ["olivia"], {}],
  ["Try again", ["olivia"], {}],
  ["Approve", ["amir", "bea"], {}],
  ["Done", ["olivia"], { tick0: "true", tick1: "true", tick2: "true" }],
  ["Sign as owner", ["olivia"], {}],
  ["Sign as reviewer", ["ravi"], {}],
];

/** Plays all people until the drill has ended. True when somebody had to say what became of a lost write. */
async function drive(client: ConsoleClient, how: { readonly from: "start" | "anywhere" }): Promise<boolean> {
  let asked = false;
  if (how.from === "start") await startDrill(client);
  const end = Date.now() + 120_000;
  while (Date.now() < end) {
    const status = await (await client.get(`/drills/${drill}/report`)).text();
    if (status.includes("complete and closed")) return asked;
    // As one look saw them: a card may change before the next look.
    const shown = await client.buttons();
    const next = plays.find(([title]) => shown.some((b) => b.title === title));
    const button = shown.findLast((b) => b.title === next?.[0]);
    if (next !== undefined && button !== undefined) {
      const [title, people, inputs] = next;
      asked ||= title === "It did not start";
      for (const person of people) await client.click(person, button.verb, { ...button.data, ...inputs }, button.card);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the drill did not end; shown: ${(await client.activities()).map((a) => a.text).slice(-2).join("\n---\n")}`);
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, n) => sum + n, 0);
}

async function assertIntact(data: string): Promise<void> {
  const store = await openStore({ data, database: null }, { readOnly: true });
  try {
    const key = openLocalKey(data, { rehearsal: true });
    const report = verifyBundle(await exportBundle(store, drill, () => key), { knownKeys: [key.publicPem] });
    assert.deepEqual(report.problems, []);
    assert.equal(report.status, "intact");
    assert.equal(report.facts?.result, "passed");
  } finally {
    await store.close();
  }
}
