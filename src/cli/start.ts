import { readConfig, secretsOf, type Config } from "../config.ts";
import { createLog } from "../telemetry.ts";
import { startExport } from "../tracing.ts";
import { stopped } from "./stopped.ts";

/** Runs the bot until it is asked to end. */
export async function startBot(): Promise<number> {
  const config = readConfig(process.env);
  // Names, drills and what was said lie in files: other users of the machine need none of them.
  process.umask(0o077);
  const log = createLog(config.logLevel, secretsOf(config));
  const stopExport = await startExport(process.env, (told) => log.warn({ told }, "traces or metrics could not be sent"));
  const { start } = await import("../main.ts");
  const running = await start({ config, log, onLinkUsed: (next) => console.log(`\nThat link has been used. For another browser: ${next}`) });
  log.info({ port: running.server.port, azure: config.azure.kind, store: config.database === null ? "sqlite" : "postgres" }, "Drillbook has started");
  console.log(welcome(config, running.server.port, running.link));
  return stopped(async () => {
    log.info("Drillbook is stopping");
    await running.stop();
    await stopExport();
    log.info("Drillbook has stopped");
  });
}

function welcome(config: Config, port: number, link: string | null): string {
  if (link === null) return `Drillbook listens on port ${port} for Teams: point the bot's messaging endpoint at https://<your host>/api/messages.`;
  return [
    "Drillbook is ready. Open this address in a browser on this machine:",
    "",
    `  ${link}`,
    "",
    `It runs on ${config.database === null ? `a SQLite file in ${config.data}` : "the PostgreSQL database of DATABASE_URL"}, a simulated Azure, and rehearsal people.`,
    "To connect real Teams and Azure, see docs/operations.md.",
  ].join("\n");
}
