import type { Fault } from "../parse/diagnostic.ts";
import type { RunbookDocument } from "../parse/document.ts";
import type { RuleId } from "../rule-ids.ts";
import type { Mode } from "../runbook.ts";
import type { Catalogue } from "../catalogue.ts";
import type { FrontMatter } from "../validate/front-matter.ts";
import type { Order } from "../validate/order.ts";
import type { DraftStep } from "../validate/steps.ts";

/** What a rule looks at: the text in parts, and the steps as far as they are understood. */
export type Draft = {
  readonly document: RunbookDocument;
  /** null: it is wrong. */
  readonly front: FrontMatter | null;
  readonly steps: readonly DraftStep[];
  readonly order: Order;
  readonly catalogue: Catalogue;
  /** "test" when the front matter does not say, or is wrong. */
  readonly mode: Mode;
};

/**
 * One lint rule. The examples are run as tests: «marks» in a bad one show exactly what each diagnostic points at, and a
 * good one has none. `docs/runbook-format.md` has a section named like the rule.
 */
export type Rule = {
  readonly id: RuleId;
  readonly find: (draft: Draft) => readonly Fault[];
  readonly examples: { readonly good: readonly string[]; readonly bad: readonly string[] };
};
