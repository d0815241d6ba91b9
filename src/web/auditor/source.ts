import type { DrillStore } from "../../drills/ports.ts";
import type { LogStore } from "../../evidence/log/ports.ts";

/** What the auditor's pages read, and all that they can: a store opened for reading. */
export type AuditSource = Pick<DrillStore, "list" | "read" | "blob"> & { readonly log: Pick<LogStore, "entries" | "lastCheckpoint"> };
