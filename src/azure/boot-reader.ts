import type { InstanceViewStatus } from "@azure/arm-compute";
import { isRestError } from "@azure/core-rest-pipeline";
import type { BootReader } from "../checks/ports.ts";
import { parseMachineId } from "./arm-id.ts";
import type { BlobFetch } from "./boot-blob.ts";
import { reading } from "./call.ts";
import type { Connection } from "./connection.ts";
import { readFailure } from "./failure.ts";

/** Reads a virtual machine's state, and its boot record through addresses that are secrets: they reach no record. */
export function bootReader(connection: Connection, fetchBlob: BlobFetch): BootReader {
  return {
    async state(server, look) {
      try {
        return await reading(look, async () => {
          const { subscription, resourceGroup, machine } = parseMachineId(server.id);
          const { statuses, vmAgent, osName, osVersion } = await (await connection.compute(subscription)).virtualMachines.instanceView(resourceGroup, machine, { abortSignal: look.signal });
          return { power: powerOf(statuses ?? []), agent: vmAgent?.statuses?.at(-1)?.displayStatus ?? "", osName: osName ?? "", osVersion: osVersion ?? "" };
        });
      } catch (thrown) {
        if (isRestError(thrown) && thrown.statusCode === 404) return null;
        throw readFailure(thrown, `the state of ${server.name}`);
      }
    },

    async bootRecord(server, look) {
      try {
        const { consoleScreenshotBlobUri, serialConsoleLogBlobUri } = await reading(look, async () => {
          const { subscription, resourceGroup, machine } = parseMachineId(server.id);
          return (await connection.compute(subscription)).virtualMachines.retrieveBootDiagnosticsData(resourceGroup, machine, { sasUriExpirationTimeInMinutes: 5, abortSignal: look.signal });
        });
        const log = serialConsoleLogBlobUri === undefined ? null : await fetchBlob(serialConsoleLogBlobUri, look.signal);
        const picture = consoleScreenshotBlobUri === undefined ? null : await fetchBlob(consoleScreenshotBlobUri, look.signal);
        return { serialLog: log && new TextDecoder("utf-8").decode(log.bytes), screenshot: picture };
      } catch (thrown) {
        throw readFailure(thrown, `the boot record of ${server.name}`);
      }
    },
  };
}

function powerOf(statuses: readonly InstanceViewStatus[]): string {
  return statuses.findLast(({ code }) => code?.startsWith("PowerState/"))?.code?.slice("PowerState/".length) ?? "";
}
