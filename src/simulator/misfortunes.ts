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
  | { readonly kind: "sick-server"; readonly server: string; readonly how: Exclude<MachineCondition, "healthy"> }
  | { readonly kind: "script-says"; readonly server: string; /** SHA-256 (hex); absent: every script. */ readonly script?: string; readonly exitCode: number; readonly output: string; readonly error: string }
  | { readonly kind: "peering"; readonly network: string; readonly to: string }
  | { readonly kind: "quota"; readonly location: string; readonly name: string; readonly limit: number }
  | { readonly kind: "no-right"; readonly actions: readonly string[] }
  | { readonly kind: "portal"; readonly does: PortalDeed; readonly plan: string };

/** What somebody does in the portal while a drill runs. */
export type PortalDeed = "test-failover" | "cleanup" | "cancel-job";

/** Where a plan stands: what a misfortune can wait for. `test`: test servers are up and nothing is under way. */
export type Stage = "idle" | "test-failover" | "test" | "cleanup" | "failover" | "failed-over";

/** When a misfortune may strike; times in milliseconds after the simulation began. */
export type When = {
  readonly after?: number;
  readonly until?: number;
  readonly during?: Stage;
  /** A task of a running job, by the name that people see. */
  readonly task?: string;
  /** From 0 to 1, decided by the seed. */
  readonly chance?: number;
};

/** Whether a misfortune's time has come, and whether chance is against us. */
export type Fate = { readonly open: (when: When) => boolean; readonly strikes: (index: number, occasion: number, chance: number) => boolean };

const always: Fate = { open: () => true, strikes: () => true };

/** What ails a test server that Azure calls running. */
export type MachineCondition = "healthy" | "boot-manager" | "blue-screen" | "no-agent";

/** One thing that goes wrong: how often (null: every time), after how many that go right. */
export type Misfortune = (RequestMisfortune & { readonly on: RequestMatch } | WorldMisfortune) & When & {
  readonly times: number | null;
  readonly skip?: number;
};

/** A misfortune with what is left of it. */
export type Pending = { readonly misfortune: Misfortune; skip: number; left: number | null; occasions: number };

const requestKinds = ["answer", "reset", "hang", "lost-answer"] as const;

/** The first misfortune due for a request, after those that merely count it. `use` records that it happened. */
export function dueForRequest(pending: readonly Pending[], method: string, path: string, use: (index: number, missed: boolean) => void, fate: Fate = always): RequestMisfortune | null {
  for (const [index, one] of pending.entries()) {
    const { misfortune } = one;
    if (!isRequestMisfortune(misfortune) || !matches(misfortune.on, method, path) || one.left === 0 || !fate.open(misfortune)) continue;
    const missed = !fate.strikes(index, one.occasions, misfortune.chance ?? 1);
    const strikes = one.skip === 0 && !missed;
    use(index, missed);
    if (strikes) return misfortune;
  }
  return null;
}

/** The world's misfortunes of one kind that are due. `use` records that each happened. */
export function dueInWorld<Kind extends WorldMisfortune["kind"]>(
  pending: readonly Pending[],
  kind: Kind,
  concerns: (misfortune: Extract<WorldMisfortune, { kind: Kind }>) => boolean,
  use: (index: number, missed: boolean) => void,
  fate: Fate = always,
): readonly Extract<WorldMisfortune, { kind: Kind }>[] {
  const due: Extract<WorldMisfortune, { kind: Kind }>[] = [];
  for (const [index, one] of pending.entries()) {
    const { misfortune } = one;
    if (!isKind(misfortune, kind) || one.left === 0 || !concerns(misfortune) || !fate.open(misfortune)) continue;
    const missed = !fate.strikes(index, one.occasions, misfortune.chance ?? 1);
    const strikes = one.skip === 0 && !missed;
    use(index, missed);
    if (strikes) due.push(misfortune);
  }
  return due;
}

/** A misfortune before it has happened. */
export function pendingMisfortune(misfortune: Misfortune): Pending {
  return { misfortune, skip: misfortune.skip ?? 0, left: misfortune.times, occasions: 0 };
}

/** What lasts as long as its time does (a replica behind, a sick server): the misfortunes of one kind that stand now. */
export function standing<Kind extends WorldMisfortune["kind"]>(pending: readonly Pending[], kind: Kind, open: Fate["open"]): readonly Extract<WorldMisfortune, { kind: Kind }>[] {
  return pending.flatMap(({ misfortune }) => (isKind(misfortune, kind) && open(misfortune) ? [misfortune] : []));
}

/** Counts one occasion: one that chance let pass, a skipped one, or one that struck. */
export function countDown(pending: Pending, missed = false): void {
  pending.occasions += 1;
  if (missed) return;
  if (pending.skip > 0) pending.skip -= 1;
  else if (pending.left !== null) pending.left -= 1;
}

function isRequestMisfortune(misfortune: Misfortune): misfortune is Extract<Misfortune, { on: RequestMatch }> {
  return requestKinds.some((kind) => kind === misfortune.kind);
}

function isKind<Kind extends WorldMisfortune["kind"]>(misfortune: Misfortune | WorldMisfortune, kind: Kind): misfortune is Extract<Misfortune, { kind: Kind }> & Extract<WorldMisfortune, { kind: Kind }> {
  return misfortune.kind === kind;
}

function matches(on: RequestMatch, method: string, path: string): boolean {
  return (on.method === undefined || on.method.toUpperCase() === method) && (on.path === undefined || new RegExp(on.path, "i").test(path));
}
