import type { Step } from "../../../src/runbooks/runbook.ts";
import { action, approval, check, checklist, manual } from "../../fakes/runbooks.ts";

/** Twelve steps: three approvals, four writes that are taken back at the end, three checks, two by people. */
export const twelve: readonly Step[] = [
  check("healthy", { guard: true }),
  approval("approve-one"),
  action("write-one", { input: { plan: "${plan}", n: 1 } }),
  check("still-healthy"),
  approval("approve-two"),
  action("write-two", { input: { plan: "${plan}", n: 2 } }),
  manual("look"),
  approval("approve-three"),
  action("write-three", { input: { plan: "${plan}", n: 3 } }),
  action("write-four", { input: { plan: "${plan}", n: 4 } }),
  check("proved"),
  checklist("staff", ["sign in", "open the last month"]),
];

/** Ends of the world that a drill process is told to meet, by what they happen at and how often that was before. */
export type Fault = {
  readonly at: "append" | "appended" | "surface" | "surfaced" | "sequenced" | "signed" | "before-intent" | "after-intent" | "before-call" | "after-call" | "after-outcome";
  readonly nth: number;
  readonly signal: "SIGKILL" | "SIGSTOP";
  /** The clock is set back by so many milliseconds while the process is stopped. */
  readonly backMs?: number;
};

export type Order = {
  /** A SQLite file, or a PostgreSQL URL with a schema. */
  readonly store: { readonly file: string } | { readonly url: string; readonly schema: string };
  /** Where the key and the checkpoints of the log lie. */
  readonly data: string;
  readonly outside: string;
  readonly seed: number;
  /** How many drills to launch at once; 0: only take up what is there. */
  readonly launch: number;
  /** Launch until the store has had so many drills, and never have more than `atOnce` under way meanwhile. */
  readonly upTo?: { readonly drills: number; readonly atOnce: number };
  /** End once this many drills have ended in the store; 0: run until told to end. */
  readonly until: number;
  readonly fault?: Fault;
  /** Milliseconds that every access to the store takes longer. */
  readonly slowMs?: number;
  /** How the clock jumps when this many appends were made: milliseconds. */
  readonly jumps?: readonly { readonly after: number; readonly ms: number }[];
  /** Every command is given several times, late ones among them. */
  readonly repeat?: boolean;
  /** On every 20th drill so many clicks meet each approval in the same moment, at every replica. */
  readonly clicks?: number;
  readonly sendWithinMs?: number;
  /** Once this step has passed, an operator aborts. */
  readonly abortAfter?: string;
};
