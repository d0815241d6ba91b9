import assert from "node:assert/strict";
import { createAddresses } from "../../src/bot/addresses.ts";
import type { ChatOpening, Outgoing, Transport } from "../../src/bot/message.ts";
import { createNotifier, type NotifierParts } from "../../src/bot/notifier.ts";
import type { SurfaceRow } from "../../src/bot/surface-store.ts";
import type { World } from "./drill-world.ts";

export const where = { id: "19:a", reference: { serviceUrl: "https://x/", channelId: "msteams", bot: { id: "b", name: "B" }, conversation: { id: "19:a", isGroup: true, tenantId: "contoso" } } };
export const personalChat = (id: string) => ({ id, reference: { conversation: { id, isGroup: false, conversationType: "personal" } } });

/** A Teams that keeps every message as it is now, by its id. `refuse` throws for the conversations it refuses, and for the accounts whose chat it does not open. */
export function chats(refuse: (to: string) => void = () => undefined) {
  const sent: { readonly to: string; readonly text: string }[] = [];
  const opened: string[] = [];
  const shown = new Map<string, string>();
  const take = (to: string, id: string, { text }: Outgoing): void => {
    refuse(to);
    sent.push({ to, text });
    shown.set(id, text);
  };
  const transport: Transport & ChatOpening = {
    async openChat({ id }, account) {
      opened.push(account);
      refuse(account);
      assert.equal(id, where.id, "opened where the drill is");
      return personalChat(account.replace("29:", "a:"));
    },
    async send({ id: to }, message) {
      const messageId = `m${shown.size + 1}`;
      take(to, messageId, message);
      return { messageId };
    },
    update: async ({ id: to }, messageId, message) => take(to, messageId, message),
  };
  return { transport, sent, shown, opened, to: (id: string) => sent.filter((one) => one.to === id).map(({ text }) => text) };
}

/** A notifier over a world of fakes, and the rows that it keeps; `keep` may throw instead. */
export function showing(w: World, { keep = () => undefined, ...more }: Partial<NotifierParts> & Pick<NotifierParts, "transport"> & { readonly keep?: (row: SurfaceRow) => void }, rows = new Map<string, SurfaceRow>()) {
  const notifier = createNotifier({
    runner: w.runner,
    mine: () => true,
    surfaces: {
      surfaces: async () => [...rows.values()],
      async putSurface(row) {
        keep(row);
        rows.set(row.surface, row);
      },
      shownUpTo: async () => undefined,
    },
    addresses: createAddresses(),
    blobs: w.store,
    clock: w.clock.now,
    editEveryMs: 2_000,
    after: w.clock.after,
    transcriptUrl: () => null,
    onFault: () => undefined,
    ...more,
  });
  return { notifier, rows };
}
