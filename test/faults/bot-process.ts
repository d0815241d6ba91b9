import { connectAzure } from "../../src/azure/connect.ts";
import { simulatorConnection } from "../../src/azure/simulator-connection.ts";
import { readConfig } from "../../src/config.ts";
import { start } from "../../src/main.ts";
import { createLog } from "../../src/telemetry.ts";

// A bot of its own process, against a simulated Azure that outlives it. It kills itself at the boundary it is told.

const [, , data = "", simulatorUrl = "", subscription = "", boundary = "", nth = "1"] = process.argv;
let passed = 0;

const azure = connectAzure({ ...simulatorConnection(simulatorUrl), subscriptions: [subscription] });
const running = await start({
  config: readConfig({ PORT: "0", DRILLBOOK_DATA: data }),
  log: createLog("error", []),
  onLinkUsed: () => undefined,
  azure: { azure, simulator: null, pollMs: 50, settlingMs: 200, close: async () => undefined },
  sendWithinMs: 3_000,
  editEveryMs: 20,
  crashPoint: (name) => {
    if (name !== boundary) return;
    passed += 1;
    if (passed === Number(nth)) process.kill(process.pid, "SIGKILL");
  },
});
process.stdout.write(`${running.link}\n`);
// As the command does: nothing ends the process by force.
process.once("SIGTERM", () => void running.stop().then(() => (process.exitCode = 0)));
