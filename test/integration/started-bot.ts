import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connectAzure } from "../../src/azure/connect.ts";
import { simulatorConnection } from "../../src/azure/simulator-connection.ts";
import { knownScripts } from "../../src/composition.ts";
import { readConfig } from "../../src/config.ts";
import { start } from "../../src/main.ts";
import type { Estate } from "../../src/simulator/estate.ts";
import { payroll } from "../../src/simulator/estates/payroll.ts";
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";
import { createLog } from "../../src/telemetry.ts";
import { ConsoleClient } from "../console-client.ts";

export type StartedBot = {
  readonly client: ConsoleClient;
  readonly simulator: Simulator;
  readonly origin: string;
  readonly link: string;
  /** The data folder. */
  readonly data: string;
  readonly close: () => Promise<void>;
};

export type StartBotOptions = {
  readonly runbooks?: string;
  readonly pace?: number;
  /** A data folder that outlives this bot; whoever made it removes it. */
  readonly data?: string;
  readonly clock?: () => Date;
  readonly estate?: Estate;
  readonly env?: Readonly<Record<string, string>>;
};

/** The whole of Drillbook in this process, with a simulated Azure that a test can make misbehave. */
export async function startBot(options: StartBotOptions = {}): Promise<StartedBot> {
  const ours = mkdtempSync(join(tmpdir(), "drillbook-bot-"));
  // A folder that is not there yet, as on somebody's first day.
  const data = options.data ?? join(ours, "data");
  const simulator = await startSimulator({ ...(options.clock === undefined ? {} : { clock: options.clock }), estate: options.estate ?? payroll, pace: options.pace ?? 500, knownScripts: knownScripts(), seed: "integration" });
  const azure = connectAzure({ ...simulatorConnection(simulator.url), subscriptions: [simulator.subscription], retryDelayMs: 10 });
  const runbooks = options.runbooks ?? fileURLToPath(new URL("../../runbooks", import.meta.url));
  const running = await start({
    config: readConfig({ PORT: "0", DRILLBOOK_DATA: data, DRILLBOOK_RUNBOOKS: runbooks, ...options.env }),
    log: createLog("silent", []),
    onLinkUsed: () => undefined,
    azure: { azure, simulator, pollMs: 50, settlingMs: 200, close: async () => undefined },
    // Waited out where no trace of a start is found, so not the usual ten seconds; yet longer than a machine stands still.
    sendWithinMs: 5_000,
    // Nor does a machine that stood still make an answer another one.
    replyWithinMs: 60_000,
    editEveryMs: 20,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  const link = running.link ?? "";
  return {
    client: await ConsoleClient.open(link),
    simulator,
    origin: running.server.origin,
    link,
    data,
    close: async () => {
      await running.stop();
      await simulator.close();
      rmSync(ours, { recursive: true, force: true });
    },
  };
}
