import { hostConfig } from "./host-config.js";
import { markdownToHtml } from "./markdown.js";

const { AdaptiveCards } = globalThis;

AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = markdownToHtml(text);
  result.didProcess = true;
};
// Teams shows an action's card below it; the renderer's own default would also move the focus.
const config = new AdaptiveCards.HostConfig(hostConfig);

/**
 * Draws a card into `place`, over the one that is there. What somebody has typed into the old one, and where the
 * keyboard was, is carried over by the inputs' ids.
 * @param {(action: object) => void} onAction
 */
export function drawCard(place, json, onAction) {
  const before = place.drawn;
  const typed = before ? typedInto(before) : new Map();
  const focus = before ? focusWithin(place, before) : null;

  const card = new AdaptiveCards.AdaptiveCard();
  card.hostConfig = config;
  card.onExecuteAction = onAction;
  card.parse(withValues(json, typed));
  const element = card.render();
  if (!element) return false;
  for (const button of element.querySelectorAll("button:not([type])")) button.type = "button";
  // Nothing can be done with a card as a whole: each would be one more stop for the keyboard.
  element.removeAttribute("tabindex");
  place.replaceChildren(element);
  place.drawn = { card, json, typed };
  place.sent = false;
  if (focus) restoreFocus(place, card, focus);
  return true;
}

/** From now on the inputs hold what was sent, not what is being typed; typing again makes them worth keeping. */
export function markSent(place) {
  place.sent = true;
  place.addEventListener("input", () => (place.sent = false), { once: true });
}

function typedInto({ card, json, typed: before }) {
  if (card.renderedElement?.parentElement?.sent) return new Map();
  // What stands on another page of the card waits there.
  const typed = new Map(before);
  // Beside what the card came with: what it was last drawn with may have been carried over already, and is to be carried on.
  const came = valuesOf(json);
  for (const input of card.getAllInputs()) {
    const value = String(input.value ?? "");
    if (value === (came.get(input.id) ?? "")) typed.delete(input.id);
    else if (input.id) typed.set(input.id, value);
  }
  return typed;
}

/** What the inputs of a card begin with, by their ids. */
function valuesOf(json) {
  const values = new Map();
  JSON.parse(JSON.stringify(json), (_key, value) => {
    if (isInput(value)) values.set(value.id, String(value.value ?? ""));
    return value;
  });
  return values;
}

function isInput(value) {
  return value !== null && typeof value === "object" && typeof value.type === "string" && value.type.startsWith("Input.");
}

/** A copy of the card in which the inputs begin with what was typed. */
function withValues(json, typed) {
  if (typed.size === 0) return json;
  return JSON.parse(JSON.stringify(json), (_key, value) => {
    if (isInput(value) && typed.has(value.id)) value.value = typed.get(value.id);
    return value;
  });
}

function focusWithin(place, { card }) {
  const active = document.activeElement;
  if (!active || !place.contains(active)) return null;
  const input = card.getAllInputs().find((one) => one.renderedElement?.contains(active));
  if (input) return { input: input.id, from: active.selectionStart, to: active.selectionEnd };
  return { button: active.closest("button")?.textContent ?? "" };
}

function restoreFocus(place, card, focus) {
  const target =
    "input" in focus
      ? card.getAllInputs().find((one) => one.id === focus.input)?.renderedElement?.querySelector("input, textarea, select")
      : [...place.querySelectorAll("button")].find((button) => button.textContent === focus.button);
  if (!target) {
    place.focus({ preventScroll: true });
    return;
  }
  target.focus({ preventScroll: true });
  if (typeof focus.from === "number" && typeof target.setSelectionRange === "function") target.setSelectionRange(focus.from, focus.to);
}
