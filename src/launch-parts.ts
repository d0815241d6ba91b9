import type { LaunchingParts } from "./bot/commands/launching.ts";
import { missingServers, modeOf, offersFor, preflightWith, previewsOf, type AzureSide, type means } from "./composition.ts";
import type { Config } from "./config.ts";
import type { Clock } from "./drills/ports.ts";
import { asDrillbookError } from "./errors.ts";
import { retestsLeft } from "./evidence/earlier.ts";
import type { Membership } from "./people/membership.ts";
import { resolveRolesNow } from "./people/people.ts";
import type { AwaitedLibrary } from "./runbooks/awaited-library.ts";
import type { Catalogue } from "./runbooks/catalogue.ts";
import { checkInputs } from "./runbooks/launch-check.ts";
import { resolve } from "./runbooks/resolve.ts";
import type { Store } from "./storage/store.ts";

type Given = ReturnType<typeof means> & {
  readonly config: Config;
  readonly side: AzureSide;
  /** With the aliases as they are here. */
  readonly catalogue: Catalogue;
  readonly library: AwaitedLibrary;
  readonly store: Pick<Store, "list" | "read">;
  readonly membership: Membership;
  /** The replication providers that a real failover was tried with. */
  readonly qualified: () => ReadonlySet<string>;
  readonly clock: Clock;
};

/** What a launch asks of runbooks, people and Azure. */
export function launchParts({ config, side, actions, checks, catalogue, library, store, membership, qualified, clock }: Given): Omit<LaunchingParts, "runner"> {
  const before = preflightWith(side, checks, config, catalogue, clock);
  return {
    runbooks: library.list,
    runbook: library.get,
    resolve: (runbook, given) => resolve(runbook, given, catalogue.resources),
    misfits: (runbook, params) => checkInputs(runbook, params, catalogue),
    roles: (runbook) => resolveRolesNow(runbook.roles, config.people, membership),
    offers: (runbook) => offersFor(side.azure, runbook),
    previews: async (runbook, params) => {
      // An incident is not kept waiting for what a drill can be told in advance.
      const ahead = runbook.purpose === "incident" ? { reasons: [], notes: [] } : await before(runbook, params);
      const shown = await previewsOf(actions, runbook, params);
      const missing = await missingServers(side.azure.reader, runbook, params).catch((thrown: unknown) => [asDrillbookError(thrown).message]);
      return { previews: shown.previews, obstacles: [...shown.obstacles, ...ahead.reasons, ...missing], notes: ahead.notes };
    },
    retests: async ({ id }, mode) => {
      const left = await retestsLeft(store, id, mode === "rehearsal");
      return left === null || left.retests.length === 0 ? null : left;
    },
    mode: modeOf(config.azure.kind === "simulator", qualified),
    clock,
  };
}
