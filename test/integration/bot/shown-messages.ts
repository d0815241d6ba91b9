import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { CardJson } from "../../../src/dialogs/card.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import type { FakeConnector } from "./fake-connector.ts";
import type { StartedTeams } from "./started-teams.ts";

export type CardButton = { readonly title: string; readonly verb: string; readonly data: { readonly [key: string]: Json }; readonly tooltip: string };
export const buttonsOf = (card: CardJson | null): readonly CardButton[] => (card?.["actions"] ?? []) as unknown as readonly CardButton[];
export const verbsOf = (card: CardJson | null): readonly string[] => buttonsOf(card).map(({ verb }) => verb);

export function buttonNamed(card: CardJson | null, title: string): CardButton {
  const found = buttonsOf(card).find((button) => button.title === title);
  assert.ok(found, `${title}: ${buttonsOf(card).map((b) => b.title).join()}`);
  return found;
}

/** The card in the reply to a press. */
export function cardOf({ value }: Awaited<ReturnType<StartedTeams["press"]>>): CardJson {
  assert.ok(typeof value !== "string", String(value));
  return value;
}

/** What Teams shows now: each message as it was last edited. */
export type ShownMessage = { readonly id: string; readonly text: string; readonly card: CardJson | null; readonly conversation: string };

export function shownBy(connector: FakeConnector): readonly ShownMessage[] {
  const messages = new Map<string, ShownMessage>();
  connector.received.forEach(({ method, path, body }, i) => {
    const [, conversation = "", on = ""] = /\/v3\/conversations\/([^/]+)\/activities(?:\/([^/?]+))?/u.exec(path) ?? [];
    if (conversation === "") return;
    const activity = body as { readonly text?: string; readonly summary?: string; readonly attachments?: readonly { readonly content: CardJson }[] };
    const id = method === "PUT" ? decodeURIComponent(on) : `sent-${i + 1}`;
    messages.set(id, { id, text: activity.text ?? activity.summary ?? "", card: activity.attachments?.[0]?.content ?? null, conversation: decodeURIComponent(conversation) });
  });
  return [...messages.values()];
}

/** The newest message that fits, as soon as there is one. */
export async function untilShown(connector: FakeConnector, fits: (message: ShownMessage) => boolean): Promise<ShownMessage> {
  for (const end = Date.now() + 20_000; ; await pause(25)) {
    const found = shownBy(connector).findLast(fits);
    if (found !== undefined) return found;
    assert.ok(Date.now() < end, `it never came; shown:\n${shownBy(connector).map(({ text }) => text.slice(0, 300)).join("\n---\n")}`);
  }
}
