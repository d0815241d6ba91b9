/** An error in Site Recovery's own words. */
export type ServiceError = { readonly code: string; readonly message: string; readonly possibleCauses: string; readonly recommendedAction: string };

/** Which requests something happens to. `path` is a regular expression over the path, without regard to case. */
export type RequestMatch = { readonly method?: string; readonly path?: string };

/** What happens to a request: the first three before anything changed, a lost answer after it. */
export type RequestMisfortune =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly error?: { readonly code: string; readonly message: string };
      readonly retryAfterSeconds?: number;
    }
  | { readonly kind: "reset" }
  | { readonly kind: "hang" }
  | { readonly kind: "lost-answer" };

/** What happens in the simulated world itself. `server` is the protected server's name. */
export type WorldMisfortune =
  | { readonly kind: "server-fails"; readonly server: string; readonly error: ServiceError; readonly jobEnds: "Failed" | "PartiallySucceeded" }
  | { readonly kind: "cleanup-fails"; readonly error: ServiceError }
  | { readonly kind: "slow-job"; readonly factor: number }
  | { readonly kind: "rpo"; readonly server: string; readonly seconds: number }
  | { readonly kind: "sick-server"; readonly server: string; readonly how: Exclude<MachineCondition, "healthy"> };

/** What ails a test server that Azure calls running. */
export type MachineCondition = "healthy" | "boot-manager" | "blue-screen" | "no-agent";

/** What ails a server's test machine, as long as the misfortune stands. */
export function conditionOf(pending: readonly Pending[], server: string): MachineCondition {
  const found = pending.findLast(({ misfortune }) => misfortune.kind === "sick-server" && misfortune.server === server);
  return found?.misfortune.kind === "sick-server" ? found.misfortune.how : "healthy";
}

/** One thing that goes wrong: how often (null: every time), after how many that go right. */
export type Misfortune = (RequestMisfortune & { readonly on: RequestMatch } | WorldMisfortune) & {
  readonly times: number | null;
  readonly skip?: number;
};

/** A script of misfortunes, as a trainer writes it. */
export type Scenario = { readonly name: string; readonly teaches: string; readonly misfortunes: readonly Misfortune[] };

/** A misfortune with what is left of it. */
export type Pending = { readonly misfortune: Misfortune; skip: number; left: number | null };

const requestKinds = ["answer", "reset", "hang", "lost-answer"] as const;

/** The first misfortune due for a request, after those that merely count it. `use` records that it happened. */
export function dueForRequest(pending: readonly Pending[], method: string, path: string, use: (index: number) => void): RequestMisfortune | null {
  for (const [index, one] of pending.entries()) {
    const { misfortune } = one;
    if (!isRequestMisfortune(misfortune) || !matches(misfortune.on, method, path) || one.left === 0) continue;
    const strikes = one.skip === 0;
    use(index);
    if (strikes) return misfortune;
  }
  return null;
}

/** The world's misfortunes of one kind that are due. `use` records that each happened. */
export function dueInWorld<Kind extends WorldMisfortune["kind"]>(
  pending: readonly Pending[],
  kind: Kind,
  concerns: (misfortune: Extract<WorldMisfortune, { kind: Kind }>) => boolean,
  use: (index: number) => void,
): readonly Extract<WorldMisfortune, { kind: Kind }>[] {
  const due: Extract<WorldMisfortune, { kind: Kind }>[] = [];
  for (const [index, one] of pending.entries()) {
    const { misfortune } = one;
    if (!isKind(misfortune, kind) || one.left === 0 || !concerns(misfortune)) continue;
    const strikes = one.skip === 0;
    use(index);
    if (strikes) due.push(misfortune);
  }
  return due;
}

/** A misfortune before it has happened. */
export function pendingMisfortune(misfortune: Misfortune): Pending {
  return { misfortune, skip: misfortune.skip ?? 0, left: misfortune.times };
}

/** Counts one occasion: a skipped one, or one that struck. */
export function countDown(pending: Pending): void {
  if (pending.skip > 0) pending.skip -= 1;
  else if (pending.left !== null) pending.left -= 1;
}

function isRequestMisfortune(misfortune: Misfortune): misfortune is Extract<Misfortune, { on: RequestMatch }> {
  return requestKinds.some((kind) => kind === misfortune.kind);
}

function isKind<Kind extends WorldMisfortune["kind"]>(misfortune: RequestMisfortune | WorldMisfortune, kind: Kind): misfortune is Extract<WorldMisfortune, { kind: Kind }> {
  return misfortune.kind === kind;
}

function matches(on: RequestMatch, method: string, path: string): boolean {
  return (on.method === undefined || on.method.toUpperCase() === method) && (on.path === undefined || new RegExp(on.path, "i").test(path));
}
