import type { Ranges } from "./ranges.ts";

/** How sure we are of a fact: read in the vendor's own text, seen on the wire, reported by a user, or only supposed. */
export const certainties = ["documented", "captured", "reported", "conflicting", "assumed"] as const;
export type Certainty = (typeof certainties)[number];

export type ProfileFact = { readonly fact: string; readonly source: string; readonly certainty: Certainty };

export const methods = ["GET", "HEAD", "OPTIONS", "POST"] as const;
export type Method = (typeof methods)[number];

/** What stands in the Host header: `given-or-address` falls back to the address, `fixed` is what the form itself says. */
export const hostRules = ["none", "given", "address", "given-or-address", "fixed"] as const;

/** What an answer must be beside its status. Every part that is there must hold. */
export type AnswerTest = {
  readonly contains?: string | undefined;
  readonly lacks?: string | undefined;
  /** Patterns in RE2 syntax, matched in linear time anywhere in the body. */
  readonly matches?: string | undefined;
  readonly lacksMatch?: string | undefined;
  readonly headers?: readonly HeaderTest[] | undefined;
};

export type HeaderTest = { readonly name: string; readonly contains?: string | undefined; readonly matches?: string | undefined };

/** One way in which a system asks. Plain data, so that a profile can be read, compared and added without code. */
export type Form = {
  /** Distinguishes the forms of one profile: `kemp-loadmaster-1.0`. */
  readonly name: string;
  /** Head of the column in the grid. */
  readonly label: string;
  /** Completes the sentence "it asks …". */
  readonly asks: string;
  readonly method: Method;
  readonly version: "1.0" | "1.1";
  /** null: the target's own path. */
  readonly path: string | null;
  readonly host: (typeof hostRules)[number];
  readonly fixedHost: string | null;
  /** Every header in the order and spelling of the wire; `{host}` stands for the host, and a line of it alone falls away without one. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly sni: "host" | "none";
  /** Status codes that count as up, where they are not the profile's own. */
  readonly up: Ranges | null;
  readonly answer: AnswerTest;
};

/**
 * What to change in that system, with `{host}`, `{method}` and `{status}` to be filled in. `names`: how two names on one
 * address and port are both covered, which one check cannot do.
 */
export type Remedies = { readonly host: string; readonly method: string; readonly status: string; readonly names: string };

/**
 * How a system reads an answer: `tolerant` takes whatever has a status line, `haproxy` refuses what HAProxy refuses, `nginx`
 * passes on whatever is no HTTP at all, and wants the head of the rest to be whole.
 */
export const readers = ["tolerant", "haproxy", "nginx"] as const;

/** What one system's probe sends and how it judges the answer. */
export type Profile = {
  readonly name: string;
  /** As the system is called in a sentence. */
  readonly system: string;
  /** The first form whose Host can be filled is the one meant by the profile's bare name. */
  readonly forms: readonly Form[];
  /** Status codes that count as up, as inclusive ranges. */
  readonly up: Ranges;
  readonly reader: (typeof readers)[number];
  readonly remedies: Remedies;
  /** Views shown beside it when the runbook does not say which. */
  readonly compare: readonly string[];
  readonly facts: readonly ProfileFact[];
};
