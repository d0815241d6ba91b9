import type { DrillStore } from "../../drills/ports.ts";
import type { Runner } from "../../drills/runner.ts";
import type { Addresses } from "../addresses.ts";
import type { ChatOpening, Transport } from "../message.ts";
import type { SurfaceStore } from "../surface-store.ts";
import type { DrawingParts } from "./drawn-surface.ts";

/** What it takes to show a drill as it is now. */
export type ShowingParts = DrawingParts & {
  readonly runner: Pick<Runner, "report">;
  readonly transport: Transport & ChatOpening;
  readonly surfaces: Pick<SurfaceStore, "surfaces" | "putSurface" | "shownUpTo">;
  readonly addresses: Pick<Addresses, "newest" | "personal" | "reader" | "account" | "accountIn" | "heardIn" | "isIn" | "lookUp" | "learn" | "forget">;
  readonly blobs: Pick<DrillStore, "putBlob">;
  readonly onFault: (drill: string, fault: unknown) => void;
};
