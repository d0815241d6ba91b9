import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { knownScripts } from "../../src/composition.ts";
import { payroll } from "../../src/simulator/estates/payroll.ts";
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";
import { ConsoleClient } from "../console-client.ts";
import { spawnBot, type SpawnedBot } from "../faults/spawned-bot.ts";

const cli = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));

describe("backup and restore by their commands", function () {
  this.timeout(240_000);
  let folder: string;
  let simulator: Simulator;
  let bots: SpawnedBot[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "drillbook-backup-"));
    simulator = await startSimulator({ estate: payroll, pace: 500, knownScripts: knownScripts(), seed: "backup" });
    bots = [];
  });
  afterEach(async () => {
    for (const bot of bots) await bot.stop("SIGKILL");
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const monday = (): string => join(folder, "monday.db");
  const dataOf = (name: string): string => join(folder, name);

  const drillbook = (data: string, args: readonly string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      const env = { PATH: process.env["PATH"] ?? "", DRILLBOOK_DATA: data };
      execFile(process.execPath, [cli, ...args], { cwd: folder, env }, (error, out, err) => resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err }));
    });

  async function bot(data: string): Promise<{ readonly running: SpawnedBot; readonly client: ConsoleClient }> {
    const running = await spawnBot(data, simulator);
    bots.push(running);
    return { running, client: await ConsoleClient.open(running.link) };
  }

  /** A bot with a drill that waits for its approval, and a backup made while it runs. */
  async function backedUp(): Promise<{ readonly running: SpawnedBot; readonly client: ConsoleClient }> {
    const first = await bot(dataOf("first"));
    await first.client.say("olivia", "start payroll-test-failover plan=rp-payroll network=vnet-dr-isolated now");
    await first.client.until("Approve");
    const { code, out, err } = await drillbook(dataOf("first"), ["backup", monday()]);
    assert.deepEqual([code, err], [0, ""], out);
    return first;
  }

  async function approve(client: ConsoleClient): Promise<void> {
    for (const person of ["amir", "bea"]) await client.press(person, "Approve");
  }

  const starts = (): number => Object.values(simulator.counts().starts).reduce((sum, n) => sum + n, 0);

  it("takes a whole copy while the bot runs, puts it into another folder beside that bot, and the drill goes on there", async () => {
    const { running } = await backedUp();
    mkdirSync(dataOf("second"));
    const restored = await drillbook(dataOf("second"), ["restore", monday()]);
    assert.equal(restored.code, 0, restored.err);
    assert.equal(await running.stop("SIGTERM"), "0");
    // The keys, and the console's chat, which in Teams is not on this machine. Not the checkpoints: one may have been signed since,
    // and then somebody has to acknowledge it, which is the next test.
    for (const name of readdirSync(dataOf("first")).filter((n) => /^rehearsal|^evidence-key|^drillbook\.pub$|^console\.db$/.test(n))) copyFileSync(join(dataOf("first"), name), join(dataOf("second"), name));

    const { client } = await bot(dataOf("second"));
    assert.equal(starts(), 0);
    await client.until("Approve");
    await approve(client);
    await client.until("Done");
    assert.equal(starts(), 1);
  });

  it("is refused where a bot runs; put back once that stopped, the store is known to be older; once somebody says so the drill goes on, and starts nothing beside what Azure is at already", async () => {
    const { running, client } = await backedUp();
    await approve(client);
    await client.until("Done");
    assert.match((await drillbook(dataOf("first"), ["restore", monday()])).err, /already running/);
    assert.equal(await running.stop("SIGTERM"), "0");
    assert.equal((await drillbook(dataOf("first"), ["restore", monday()])).code, 0);
    await assert.rejects(bot(dataOf("first")), /acknowledge-restore/);
    assert.equal((await drillbook(dataOf("first"), ["acknowledge-restore", "--reason", "disk lost"])).code, 0);
    const again = await bot(dataOf("first"));
    // The chat is newer than the store and has no card of this question any more: whoever asks is told what is asked.
    for (const person of ["amir", "bea"]) {
      const typed = /type: (approve \d+ \w+)/.exec(await again.client.say(person, "approve"))?.[1];
      assert.match(await again.client.say(person, typed ?? ""), /^Recorded: you approved\./u);
    }
    const failed = /failed · Start the test failover · Azure is already at work on rp-payroll: TestFailover/u;
    let said = "";
    for (const end = Date.now() + 100_000; !failed.test(said) && Date.now() < end; ) said = await again.client.say("olivia", "status");
    assert.match(said, failed, "what was started after the backup is seen");
    assert.equal(starts(), 1, "and nothing is started beside it");
  });
});
