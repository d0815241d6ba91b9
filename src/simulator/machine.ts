import type { Server, Vault } from "./estate.ts";

/** A test server whose VM exists. */
export type Machine = { readonly vault: Vault; readonly server: Server; readonly started: boolean };
