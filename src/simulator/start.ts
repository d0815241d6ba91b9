import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server as HttpServer, ServerResponse } from "node:http";
import type { Clock } from "../drills/ports.ts";
import { DrillbookError } from "../errors.ts";
import { answerArm } from "./arm-server.ts";
import type { RequestSeen } from "./arm-server.ts";
import { bootDiagnosticsBlob } from "./boot-diagnostics.ts";
import { answerControl, controlPath, countsOf } from "./control.ts";
import type { Counts } from "./control.ts";
import type { Estate } from "./estate.ts";
import { inMemory, onDisk } from "./journal.ts";
import type { Journal } from "./journal.ts";
import type { Misfortune } from "./misfortunes.ts";
import { fateOf, webPortKey } from "./simulation.ts";
import type { Simulation } from "./simulation.ts";
import { estateWith } from "./standing-estate.ts";
import { closed, portOf, startWebServer } from "./web-server.ts";
import type { WebServer } from "./web-server.ts";

/** What is simulated, and how. */
export type SimulatorOptions = {
  readonly estate: Estate;
  /** What goes wrong. A state file that knows this very scenario by its name goes on with what is left of it. */
  readonly scenario?: { readonly name?: string; readonly misfortunes: readonly Misfortune[] };
  /** How many simulated seconds pass in one: a test failover takes some 200 of them. */
  readonly pace: number;
  /** SHA-256 (hex) of the scripts that run command plays; every other script fails. */
  readonly knownScripts: ReadonlySet<string>;
  /** 0 or absent: any free port. Always on the loopback interface. */
  readonly port?: number;
  /** Where the simulated world is kept, so that it outlives its process. Absent: in memory. */
  readonly stateFile?: string;
  /** Same seed, same ids and durations. Absent: different each time. */
  readonly seed?: string;
  readonly clock?: Clock;
  /** Holds a clock that jumps during work that takes real time. Absent: the clock needs no holding. */
  readonly during?: <T>(work: () => Promise<T>) => Promise<T>;
};

/** A simulated Azure on loopback. */
export type Simulator = {
  readonly url: string;
  readonly subscription: string;
  /** What was asked since this process started, oldest first; at most ten thousand. */
  readonly requests: readonly RequestSeen[];
  counts(): Counts;
  add(misfortune: Misfortune): void;
  clearMisfortunes(): void;
  close(): Promise<void>;
};

const mostRequestsKept = 10_000;
const mostBodyBytes = 1_048_576;

/** Starts an Azure Resource Manager of its own on this machine. Throws `port-taken` when the wanted port is in use. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const journal = options.stateFile === undefined ? inMemory() : onDisk(options.stateFile);
  const web = await startWebServers(options.estate);
  const clock = options.clock ?? (() => new Date());
  const standing = { ...journal, ground: options.estate, clock, pace: options.pace, seed: options.seed ?? randomUUID(), knownScripts: options.knownScripts, during: options.during ?? atOnce, webPorts: new Map([...web].map(([key, server]) => [key, server.port])) };
  const simulation: Simulation = {
    ...standing,
    get estate() {
      return estateWith(options.estate, journal.world.misfortunes, fateOf(standing).open);
    },
  };
  // A world that is known goes on with what is left of its scenario; another scenario takes its place.
  if (journal.world.changes === 0 || (options.scenario?.name ?? journal.world.scenario) !== journal.world.scenario) begin(journal, clock(), options);
  const requests: RequestSeen[] = [];
  const server = createServer((request, response) => void answer(simulation, request, response, requests).catch(() => request.socket.destroy()));
  await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    subscription: options.estate.subscription,
    requests,
    counts: () => countsOf(simulation),
    add: (misfortune) => journal.change({ type: "misfortune.added", misfortune }),
    clearMisfortunes: () => journal.change({ type: "misfortunes.cleared" }),
    async close() {
      await Promise.all([closed(server), ...[...web.values()].map((one) => one.close())]);
      journal.close();
    },
  };
}

const atOnce = <T>(work: () => Promise<T>): Promise<T> => work();

/** What a world begins with, or goes on with under another scenario. */
function begin(journal: Journal, now: Date, { scenario }: SimulatorOptions): void {
  if (journal.world.misfortunes.length > 0) journal.change({ type: "misfortunes.cleared" });
  journal.change({ type: "world.began", at: now.getTime(), scenario: scenario?.name ?? "" });
  for (const misfortune of scenario?.misfortunes ?? []) journal.change({ type: "misfortune.added", misfortune });
}

async function startWebServers(estate: Estate): Promise<ReadonlyMap<string, WebServer>> {
  const serving = estate.vaults.flatMap((vault) => vault.servers.filter((server) => server.sites.length > 0).map((server) => ({ key: webPortKey(vault, server), server })));
  return new Map(await Promise.all(serving.map(async ({ key, server }) => [key, await startWebServer(server.sites)] as const)));
}

async function answer(simulation: Simulation, request: IncomingMessage, response: ServerResponse, requests: RequestSeen[]): Promise<void> {
  // A page in a browser on this machine must not reach the simulator, whatever name it gives to the loopback address.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? "") || request.headers.origin !== undefined) {
    response.writeHead(403).end();
    return;
  }
  const body = await bodyOf(request);
  if ((request.url ?? "").startsWith(controlPath)) return answerControl(simulation, request, response, body, requests);
  const blob = request.method === "GET" ? bootDiagnosticsBlob(simulation, new URL(request.url ?? "/", "https://storage")) : null;
  if (blob !== null) return void response.writeHead(200, { "Content-Type": blob.type, "Content-Length": blob.bytes.length }).end(blob.bytes);
  await answerArm(simulation, request, response, body, (one) => {
    requests.push(one);
    if (requests.length > mostRequestsKept) requests.shift();
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > mostBodyBytes) throw new DrillbookError("bad-input", "The request is too large.", "Send less than a megabyte.");
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function listen(server: HttpServer, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  } catch (thrown) {
    throw new DrillbookError("port-taken", `The simulator cannot listen on port ${port}.`, "Stop what listens there, or choose another port.", { cause: thrown });
  }
}
