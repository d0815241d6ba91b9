import type { Look, Send } from "../drills/ports.ts";

/** As Azure tells it; `stopped` is still paid for, `deallocated` is not. */
export type PowerState = "running" | "starting" | "stopping" | "stopped" | "deallocating" | "deallocated" | "unknown";

/** A virtual machine as Compute shows it now. `provisionedAt` is when its last change ended; null: Azure does not say. */
export type Machine = {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly power: PowerState;
  readonly provisioning: "succeeded" | "updating" | "failed" | "unknown";
  readonly provisionedAt: string | null;
  readonly agentReady: boolean;
  /** What Azure says of a failed change; empty when nothing failed. */
  readonly message: string;
};

/** A script that a machine was given. `ended` false: it waits or runs. */
export type RunCommand = {
  readonly ended: boolean;
  readonly state: string;
  readonly exitCode: number | null;
  /** The end of what it printed: Azure keeps some 4 KB. */
  readonly output: string;
  readonly error: string;
};

/** Reading machines. Throws `azure-refused`, `azure-throttled`, `azure-unreachable` or `not-found`. */
export type MachineReader = {
  machine(id: string, look: Look): Promise<Machine>;
  /** null: there is no such command. */
  command(id: string, name: string, look: Look): Promise<RunCommand | null>;
  /** Deletes a command that has ended; false: Azure did not accept it. Nobody waits for it, and repeating it does no harm. */
  removeCommand(id: string, name: string, look: Look): Promise<boolean>;
};

/** `powerOff` keeps the machine's place and its price, `deallocate` gives both up. */
export type Power = "start" | "restart" | "powerOff" | "deallocate";

/** A script for a managed run command; Azure ends it after `timeoutSeconds`. */
export type Script = { readonly name: string; readonly location: string; readonly text: string; readonly parameters: Readonly<Record<string, string>>; readonly timeoutSeconds: number };

/** Writing to machines: one request a call, refused after `send.sendBy`. Throws as `SiteRecoveryWriter` does. */
export type MachineWriter = {
  power(id: string, what: Power, send: Send): Promise<void>;
  runScript(id: string, script: Script, send: Send): Promise<void>;
};
