import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { CardJson } from "../../../src/dialogs/card.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import type { FakeConnector } from "./fake-connector.ts";

/** A message as it was last edited. */
export type Shown = { readonly id: string; readonly text: string; readonly card: CardJson | null; readonly conversation: string };

export type Button = { readonly title: string; readonly verb: string; readonly data: { readonly [key: string]: Json }; readonly tooltip: string };

export const buttonsOf = (card: CardJson | null): readonly Button[] => (card?.["actions"] ?? []) as unknown as readonly Button[];

/** What Teams shows now, in the order in which it was first posted: also what was answered with an error, unless `isTaken` says that it was not taken. */
export function shownIn(connector: FakeConnector, isTaken: (request: number) => boolean = () => true): readonly Shown[] {
  const messages = new Map<string, Shown>();
  connector.received.forEach(({ method, path, body }, i) => {
    const [, conversation = "", on = ""] = /\/v3\/conversations\/([^/]+)\/activities(?:\/([^/?]+))?/u.exec(path) ?? [];
    if (conversation === "" || !isTaken(i)) return;
    const activity = body as { readonly text?: string; readonly summary?: string; readonly attachments?: readonly { readonly content: CardJson }[] };
    const id = method === "PUT" ? decodeURIComponent(on) : `sent-${i + 1}`;
    messages.set(id, { id, text: activity.text ?? activity.summary ?? "", card: activity.attachments?.[0]?.content ?? null, conversation: decodeURIComponent(conversation) });
  });
  return [...messages.values()];
}

/** The newest message that fits, once there is one. */
export async function untilShown(connector: FakeConnector, what: string, fits: (message: Shown) => boolean): Promise<Shown> {
  for (const end = Date.now() + 60_000; ; await pause(20)) {
    const found = shownIn(connector).findLast(fits);
    if (found !== undefined) return found;
    assert.ok(Date.now() < end, `never: ${what}; shown:\n${shownIn(connector).map(({ conversation, text }) => `${conversation}: ${text.slice(0, 300)}`).join("\n---\n")}`);
  }
}

/** A message with this button on it. */
export const withButton = (verb: string, title?: RegExp) => ({ card }: Shown): boolean => buttonsOf(card).some((button) => button.verb === verb && (title === undefined || title.test(button.title)));

export function button({ card }: Pick<Shown, "card">, verb: string): Button {
  const found = buttonsOf(card).find((one) => one.verb === verb);
  assert.ok(found, `${verb}: ${buttonsOf(card).map((one) => one.verb).join()}`);
  return found;
}

/** The card that took the place of somebody's own; what was answered in words is none. */
export function cardOf({ value }: { readonly value: string | CardJson }): CardJson {
  assert.ok(typeof value !== "string", String(value));
  return value;
}
