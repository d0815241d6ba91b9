import type { DrillStore } from "../../drills/ports.ts";
import type { Runner } from "../../drills/runner.ts";
import type { DrillState } from "../../drills/state.ts";
import type { Addresses } from "../addresses.ts";
import type { ChatOpening, Transport } from "../message.ts";
import type { SurfaceStore } from "../surface-store.ts";

/** What it takes to show a drill as it is now. */
export type ShowingParts = {
  readonly runner: Pick<Runner, "report">;
  readonly transport: Transport & ChatOpening;
  readonly surfaces: Pick<SurfaceStore, "surfaces" | "putSurface" | "shownUpTo">;
  readonly addresses: Pick<Addresses, "newest" | "personal" | "reader" | "account" | "accountIn" | "heardIn" | "isIn" | "lookUp" | "learn" | "forget">;
  readonly blobs: Pick<DrillStore, "putBlob">;
  readonly clock: () => Date;
  readonly transcriptUrl: (drill: string) => string | null;
  /** What the final card says of the drill's evidence; absent: nothing. */
  readonly finalLine?: (state: DrillState) => Promise<string | null>;
  /** What everybody who looks at a drill has to know of Drillbook itself; null: nothing. Absent: there never is. */
  readonly warning?: () => string | null;
  readonly onFault: (drill: string, fault: unknown) => void;
};
