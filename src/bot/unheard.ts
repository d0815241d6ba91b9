import { AsyncLocalStorage } from "node:async_hooks";

const listening = new AsyncLocalStorage<false>();
const said = console.error;

// botbuilder prints keys and stacks for every token that it refuses: strangers could fill the log with them.
console.error = (...words: unknown[]): void => {
  if (listening.getStore() !== false) said.apply(console, words);
};

/** Runs `work`; what it prints as errors goes nowhere. What it throws is thrown. */
export function unheard<T>(work: () => Promise<T>): Promise<T> {
  return listening.run(false, work);
}
