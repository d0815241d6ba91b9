import { isList, isMembers, type Members } from "./json.ts";
import type { Json } from "../../runbooks/runbook.ts";

/** A server in the result of a replication check. */
export type ReplicationRow = { readonly name: string; readonly rpoSeconds: number | null; readonly all: Members };

/** null when the result has another shape. */
export function replicationRows(result: Json): readonly ReplicationRow[] | null {
  if (!isMembers(result) || !isList(result.servers)) return null;
  const rows = result.servers.map((server) => {
    if (!isMembers(server) || typeof server.name !== "string" || !("rpoSeconds" in server)) return null;
    return { name: server.name, rpoSeconds: typeof server.rpoSeconds === "number" ? server.rpoSeconds : null, all: server };
  });
  return rows.every((row) => row !== null) ? rows : null;
}
