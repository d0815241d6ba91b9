import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { begin } from "../src/drills/decide.ts";
import type { DrillEvent } from "../src/drills/events.ts";
import { genesisHead } from "../src/evidence/chain.ts";
import { sealAll } from "../src/storage/history.ts";
import { openSqliteStore } from "../src/storage/sqlite/open.ts";
import { ConsoleClient } from "../test/console-client.ts";
import { manual, olivia, roles, runbookOf, wait } from "../test/fakes/runbooks.ts";
import { cost, type Bench } from "./figure.ts";
import { memoryOf } from "./memory.ts";

/** What a process that has taken them up says of itself. */
export type Taken = { readonly readyMs: number; readonly residentMb: number; readonly idleShare: number; readonly resumedMs: number };

/** Whoever presses in the whole bot. */
const atTheConsole = { id: "rehearsal-olivia", name: "Olivia Okafor" };

/** Drills that wait for months cost next to nothing, and those that fall due at once all go on. */
export const parked: Bench = {
  name: "parked",
  run: async (effort) => {
    const [many, due] = effort === "quick" ? [1_000, 100] : [100_000, 1_000];
    const folder = mkdtempSync(join(tmpdir(), "drillbook-parked-"));
    try {
      const none = await takenUp(folderIn(folder, "none"), fill(folderIn(folder, "none"), 3, 0), 0);
      const all = await takenUp(folderIn(folder, "many"), fill(folderIn(folder, "many"), many, due), due);
      // A store where nothing fell due: cards that are behind are drawn at the start, and would be measured with it.
      fill(folderIn(folder, "parked"), many, 0);
      const [bot, botWithAll] = [await restarted(join(folder, "none")), await restarted(join(folder, "parked"))];
      return [
        cost(`resident memory more with ${many} parked drills`, "MB", Math.max(all.residentMb - none.residentMb, 0.1), 50, 1),
        cost("of a core while nothing happens", "%", all.idleShare * 100, 1, 1),
        cost("restart to the first served click", "ms", all.readyMs, 2_000, 1),
        cost("restart of the whole bot to the first served click", "ms", botWithAll.readyMs, 2_000, 1),
        cost(`resident memory more of the whole bot with ${many} parked drills`, "MB", Math.max(botWithAll.residentMb - bot.residentMb, 0.1), 50, 1),
        cost(`${due} drills due in the same second all went on after`, "ms", all.resumedMs, 5_000, 1),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Each store has keys and checkpoints of its own beside it. */
function folderIn(folder: string, name: string): string {
  mkdirSync(join(folder, name), { recursive: true });
  return join(folder, name, "drillbook.db");
}

/** A store with drills under way that only wait: most for people, some for a time, which is given back in milliseconds. */
function fill(file: string, many: number, due: number): number {
  openSqliteStore(file, { clock: () => new Date() }).close();
  const db = new DatabaseSync(file);
  const drill = db.prepare("INSERT INTO drill (id, runbook, title, mode, started_at, events, head, wake_at, logged) VALUES (?, 'r', 'R', 'test', ?, ?, ?, ?, ?)");
  const event = db.prepare("INSERT INTO event (drill, seq, at, type, bytes, head) VALUES (?, ?, ?, ?, ?, ?)");
  const entry = db.prepare("INSERT INTO log_entry (log, n, drill, seq, head) VALUES ('drills', ?, ?, ?, ?)");
  const surface = db.prepare("INSERT INTO surface (drill, surface, generation, conversation, message_id, state, shown_hash, shown_seq) VALUES (?, 'live', 1, 'null', 'm', 'shown', '00', ?)");
  const forPeople = runbookOf([manual("look"), manual("look-again")]);
  const forTime = runbookOf([wait("pause", { forMs: 3_600_000 }), manual("look")]);
  let dueAt = 0;
  db.exec("BEGIN");
  for (let n = 0; n < many; n += 1) {
    const id = `PAR-${String(n).padStart(4, "0")}`;
    // Last of all, so that they are not due before the process has taken up the rest.
    const isDue = n >= many - due;
    if (dueAt === 0 && n >= many - due) dueAt = Date.now() + 20_000;
    const at = new Date(dueAt === 0 ? Date.now() : dueAt - 3_600_000).toISOString();
    const first: DrillEvent = { v: 1, drill: id, seq: 1, at, by: olivia, type: "drill.launched", purpose: "exercise", runbook: isDue ? forTime : forPeople, params: {}, mode: "test", roles: { ...roles, operator: [olivia, atTheConsole] }, conversation: null };
    const sealed = sealAll(genesisHead(id), begin(first));
    const last = sealed.at(-1);
    drill.run(id, at, sealed.length, last?.head ?? "", isDue ? dueAt : null, sealed.length);
    for (const { event: e, bytes, head } of sealed) event.run(id, e.seq, e.at, e.type, bytes, head);
    entry.run(n, id, sealed.length, last?.head ?? "");
    surface.run(id, sealed.length);
  }
  db.exec("COMMIT");
  db.close();
  return dueAt;
}

async function takenUp(file: string, dueAt: number, due: number): Promise<Taken> {
  const script = fileURLToPath(new URL("parked-process.ts", import.meta.url));
  const child = spawn(process.execPath, ["--expose-gc", script, file, String(due), String(dueAt)], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await once(child, "exit");
  return JSON.parse(said) as Taken;
}

/** The bot with its console and a simulated Azure, as \`npm start\` starts it, on a folder where it ran before. */
async function restarted(data: string): Promise<Pick<Taken, "readyMs" | "residentMb">> {
  await startedBot(data, "PAR-0001");
  return startedBot(data, "PAR-0002");
}

/** Until somebody has signed in to the console and ticked off a step of a parked drill. */
async function startedBot(data: string, drill: string): Promise<Pick<Taken, "readyMs" | "residentMb">> {
  const began = performance.now();
  const script = fileURLToPath(new URL("../bin/drillbook.mjs", import.meta.url));
  const child = spawn(process.execPath, [script, "start"], { env: { PATH: process.env["PATH"], PORT: "0", DRILLBOOK_DATA: data }, stdio: ["ignore", "pipe", "ignore"] });
  let link = "";
  for await (const chunk of child.stdout) if ((link = /http:\/\/\S+/.exec(String(chunk))?.[0] ?? "") !== "") break;
  const said = await (await ConsoleClient.open(link)).say("olivia", `${drill} done`);
  if (!said.startsWith('Recorded "Do look" as done.')) throw new Error(said);
  const readyMs = performance.now() - began;
  await pause(2_000);
  const residentMb = memoryOf(child.pid ?? 0).now / 1e6;
  child.kill("SIGTERM");
  await once(child, "exit");
  return { readyMs, residentMb };
}
