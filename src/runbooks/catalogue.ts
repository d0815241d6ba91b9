import type { z } from "zod";
import type { Resources } from "./resources.ts";
import type { Json } from "./runbook.ts";

/** What the compiler must know of an action: facts only, no behaviour. */
export type ActionFacts = {
  readonly type: string;
  readonly summary: string;
  /** Schema of the YAML body, after `${name}` substitution. */
  readonly schema: z.ZodType<unknown>;
  /** The action type that takes this one back; null when nothing does. */
  readonly undo: string | null;
  /** How long after the send-by time Azure may take to show what was sent, in milliseconds. */
  readonly settlingMs: number;
  /** Azure permissions the action needs, in Azure's own strings. */
  readonly permissions: readonly string[];
  /** What the action leaves owed that takes nothing back: to commit, to re-protect. Absent: nothing. */
  readonly obligations?: readonly { readonly id: string; readonly text: string }[];
  /** Ids of obligations of earlier actions that this one fulfils when it succeeds. Absent: none. */
  readonly settles?: readonly string[];
  /** After it nothing leads back: only forward steps or a failback. Absent: it can be taken back, or has nothing to take back. */
  readonly pointOfNoReturn?: boolean;
  /** It touches production: not for a test failover's runbook. Absent: it does not. */
  readonly live?: boolean;
  /** How long after it has ended everybody goes the new way, in milliseconds: what names live in caches. Absent: at once. */
  readonly effectMs?: (input: Json) => number;
};

/** What the compiler must know of a check. */
export type CheckFacts = {
  readonly type: string;
  readonly summary: string;
  readonly schema: z.ZodType<unknown>;
  readonly permissions: readonly string[];
  /** What is wrong with an input that its schema lets pass, for example a bot-side check into an isolated network. */
  readonly lint?: (input: Json) => readonly { readonly path: readonly (string | number)[]; readonly message: string; readonly suggestion: string }[];
  /** Whether any answer at all would make it fail. Absent: yes. */
  readonly canFail?: (input: Json) => boolean;
  /** How long whatever it stands for takes to notice a change, in milliseconds: the intervals and retries of a load balancer. Absent: no time. */
  readonly noticeMs?: (input: Json) => number;
};

/** Who there is, as far as a runbook can be judged by it. */
export type KnownPeople = {
  /** Group alias to the ids of its members. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** The groups of the roles that a runbook does not name. */
  readonly usual: Readonly<Record<string, string>>;
};

/** The actions and checks that exist; `compile` knows no others. */
export type Catalogue = {
  readonly actions: ReadonlyMap<string, ActionFacts>;
  readonly checks: ReadonlyMap<string, CheckFacts>;
  /** Aliases of Azure resources, from the configuration. */
  readonly resources?: Resources;
  /** Absent: nobody knows who will be there. */
  readonly people?: KnownPeople;
};
