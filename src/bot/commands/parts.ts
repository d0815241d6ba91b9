import type { CoverageRow } from "../../coverage/coverage.ts";
import type { DrillSummary } from "../../drills/ports.ts";
import type { Runner } from "../../drills/runner.ts";
import type { Inbound } from "../message.ts";
import type { DrawingParts } from "../showing/drawn-surface.ts";
import type { SurfaceStore } from "../surface-store.ts";
import type { Launching } from "./launching.ts";
import type { OpenDrills } from "./open-drills.ts";

export type ChatParts = DrawingParts & {
  readonly runner: Runner;
  readonly drills: () => Promise<readonly DrillSummary[]>;
  readonly launching: Launching;
  readonly surfaces: SurfaceStore;
  readonly coverage: () => Promise<readonly CoverageRow[]>;
  /** The person behind an account of the channel; null when nobody is known under it. */
  readonly personOf: (account: string) => string | null;
};

/** The same with what the chat makes for itself. */
export type Chatting = ChatParts & { readonly open: OpenDrills };

export type Of<K extends Inbound["kind"]> = Extract<Inbound, { kind: K }>;
