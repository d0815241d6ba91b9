import { createRequire } from "node:module";
import type { CardJson } from "../../src/dialogs/card.ts";

// The package's own entry is ESM without extensions, which Node refuses: its bundled build loads.
const cards = createRequire(import.meta.url)("adaptivecards/dist/adaptivecards.js") as {
  SerializationContext: new () => { eventCount: number; getEventAt(i: number): { message: string } };
  AdaptiveCard: new () => {
    parse(json: unknown, context: unknown): void;
    validateProperties(): { validationEvents: { message: string }[] };
  };
};

/** What the Adaptive Cards package, and Teams' limits on size and buttons, have against a card. */
export function cardFaults(card: CardJson): readonly string[] {
  const context = new cards.SerializationContext();
  const parsed = new cards.AdaptiveCard();
  parsed.parse(structuredClone(card), context);
  const faults = Array.from({ length: context.eventCount }, (_, i) => context.getEventAt(i).message);
  const wrong = parsed.validateProperties().validationEvents.map((e) => e.message);
  const bytes = Buffer.byteLength(JSON.stringify(card), "utf16le");
  const buttons = Array.isArray(card["actions"]) ? card["actions"].length : 0;
  return [...faults, ...wrong, ...(bytes > 50_000 ? [`${bytes} bytes as UTF-16`] : []), ...(buttons > 6 ? [`${buttons} buttons`] : [])];
}
