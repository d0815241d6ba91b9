import { z } from "zod";
import type { TestServer } from "../../drills/events.ts";

const machine = /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/]{1,90}\/providers\/(?:Microsoft\.Compute\/virtualMachines|Microsoft\.HybridCompute\/machines)\/([A-Za-z0-9][A-Za-z0-9._-]{0,63})$/i;

/** A server where scripts can run: the name of a test server, or the id of an Azure virtual machine or an Arc machine. */
export const serverId = z.string().min(1).max(500).refine((text) => machine.test(text) || /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text), {
  error: "Name a test server, or give the full id of an Azure virtual machine or an Arc machine.",
});

/** The server that an id names; null when the text is no id of a server. */
export function serverAt(text: string): TestServer | null {
  const name = machine.exec(text)?.[1];
  return name === undefined ? null : { name, id: text };
}
