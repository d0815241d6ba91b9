import type { Cloud } from "../../src/bot/door/cloud.ts";
import { readConfig } from "../../src/config.ts";
import { start } from "../../src/main.ts";
import { createLog } from "../../src/telemetry.ts";

// The whole of Drillbook for Teams in a process of its own, with a token issuer and a connector of the test's. It prints its port.

const given = JSON.parse(process.argv[2] ?? "{}") as { readonly cloud: Cloud; readonly env: Readonly<Record<string, string>> };

const running = await start({
  config: readConfig(given.env),
  log: createLog("silent", []),
  onLinkUsed: () => undefined,
  teams: {
    cloud: given.cloud,
    credentials: {
      isValidAppId: async () => true,
      isAuthenticationDisabled: async () => false,
      createCredentials: async () => ({ signRequest: async <T>(outgoing: T) => outgoing }),
    },
  },
});
process.stdout.write(`${running.server.port}\n`);
// Asked how much it holds: what nobody needs any more is collected first, or the engine's leisure in doing so would be measured.
process.on("SIGUSR2", () => {
  global.gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
  const { heapUsed, external } = process.memoryUsage();
  process.stdout.write(`held ${heapUsed + external}\n`);
});
process.on("SIGTERM", () => void running.stop().then(() => process.exit(0)));
