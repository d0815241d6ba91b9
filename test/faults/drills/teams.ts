import type { ChatOpening, Transport } from "../../../src/bot/message.ts";
import type { SurfaceRow } from "../../../src/bot/surface-store.ts";
import { DrillbookError } from "../../../src/errors.ts";
import { isRecord } from "../../../src/runbooks/json.ts";
import type { Posted } from "./outside.ts";
import type { Ask } from "./world.ts";

export type Teams = {
  readonly transport: Transport & ChatOpening;
  /** A row that was stored: the next message to its chat is what it says is being posted. */
  stored(row: SurfaceRow): void;
};

/** Takes cards for drills that have a chat each, and says outside which posting of which surface every one is. */
export function teams(ask: Ask): Teams {
  const posting = new Map<string, SurfaceRow>();
  return {
    transport: {
      async send({ id }, { card }) {
        const row = posting.get(id);
        posting.delete(id);
        const numbers = [...JSON.stringify(card).matchAll(/"generation":(\d+)/g)].map(([, n]) => Number(n));
        const posted: Omit<Posted, "messageId"> = { drill: row?.drill ?? "", surface: row?.surface ?? "", generation: row?.generation ?? 0, numbers: [...new Set(numbers)] };
        return ask<{ messageId: string }>("card", { posted: JSON.stringify(posted) }).catch((cause: unknown) => {
          throw new DrillbookError("outcome-unknown", "no answer came", "", { cause });
        });
      },
      update: async () => undefined,
      openChat: async () => Promise.reject(new Error("nobody is listed here")),
    },
    stored(row) {
      if (row.state === "posting" && isRecord(row.conversation)) posting.set(String(row.conversation["id"]), row);
    },
  };
}
