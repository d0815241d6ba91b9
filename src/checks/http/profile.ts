/** How sure we are of a fact: read in the vendor's own text, seen on the wire, reported by a user, or only supposed. */
export type Certainty = "documented" | "captured" | "reported" | "conflicting" | "assumed";

export type ProfileFact = { readonly fact: string; readonly source: string; readonly certainty: Certainty };

export type Method = "GET" | "HEAD" | "OPTIONS";

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
  /** What stands in the Host header; `given-or-address` falls back to the address when the check names no host. */
  readonly host: "none" | "given" | "address" | "given-or-address";
  /** Headers after Host, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly sni: "host" | "none";
};

/** What to change in that system, with `{host}`, `{method}` and `{status}` to be filled in. */
export type Remedies = { readonly host: string; readonly method: string; readonly status: string };

/** What one system's probe sends and how it judges the answer. */
export type Profile = {
  readonly name: string;
  /** As the system is called in a sentence. */
  readonly system: string;
  /** The first form whose Host can be filled is the one meant by the profile's bare name. */
  readonly forms: readonly Form[];
  /** Status codes that count as up, as inclusive ranges. */
  readonly up: readonly (readonly [from: number, to: number])[];
  readonly remedies: Remedies;
  /** Views shown beside it when the runbook does not say which. */
  readonly compare: readonly string[];
  readonly facts: readonly ProfileFact[];
};
