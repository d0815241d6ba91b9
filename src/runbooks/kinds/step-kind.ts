import type { Catalogue } from "../catalogue.ts";
import type { Fault } from "../parse/diagnostic.ts";
import type { StepPart } from "../parse/document.ts";
import type { Json, Parameter, Step } from "../runbook.ts";

/** What every step has, whatever its kind. */
export type CommonKey = "id" | "title" | "phase" | "prose" | "line" | "role" | "plannedMs" | "guard" | "onFail" | "when" | "only" | "retry" | "needs" | "track" | "evidence" | "objective" | "marks" | "undo" | "included";

/** What is a kind's own. */
export type Own<S extends Step> = Omit<S, CommonKey>;

/** A step's part of the text, its block's keys without the common ones, and what they may refer to. */
export type KindInput = {
  readonly part: StepPart;
  readonly own: Readonly<Record<string, Json>>;
  readonly catalogue: Catalogue;
  /** null: the front matter is wrong, so that nobody can tell which names exist. */
  readonly parameters: readonly Parameter[] | null;
};

/** One kind of step as the compiler knows it. `read` gives null when there is a fault. */
export type StepKind<S extends Step> = {
  readonly kind: S["kind"];
  /** Who performs or decides the step when its block does not say. */
  readonly defaultRole: string;
  readonly read: (input: KindInput) => { readonly step: Own<S> | null; readonly faults: readonly Fault[] };
};
