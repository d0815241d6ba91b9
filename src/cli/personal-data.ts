import { userInfo } from "node:os";
import { readConfig } from "../config.ts";
import { DrillbookError } from "../errors.ts";
import { eraseOlder, erasePerson, hold, type Erased, type Word } from "../evidence/personal/erase.ts";
import { openStore } from "../storage/open.ts";
import type { Store } from "../storage/store.ts";
import { parsed } from "./options.ts";

const clock = (): Date => new Date();

/** Erases a person from every drill; the drills say so and still verify. Throws `bad-input` without a reason, and what `erasePerson` throws. */
export function erasePersonEverywhere(args: readonly string[]): Promise<number> {
  return inStore("erase-person", args, async (store, person, word) => told(await erasePerson(store, person, word, clock)));
}

/**
 * Erases people, texts, cards and files of drills that ended before a day. It passes over drills on hold. Throws `bad-input`
 * without a reason or for what is no day.
 */
export function eraseBefore(args: readonly string[]): Promise<number> {
  return inStore("erase-before", args, async (store, day, word) => {
    const before = new Date(`${day}T00:00:00.000Z`);
    if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(before.getTime())) throw new DrillbookError("bad-input", `"${day}" is no day.`, "For example: drillbook erase-before 2020-01-01 --reason \"kept for seven years\"");
    return told(await eraseOlder(store, before, word, clock));
  });
}

/**
 * Puts a drill on legal hold: nothing of it is erased until it is released. Throws `bad-input` without a reason, `not-found`,
 * and `not-now` before the drill has ended.
 */
export function holdDrill(args: readonly string[]): Promise<number> {
  return inStore("hold", args, async (store, drill, word) => {
    await hold(store, drill.toUpperCase(), "hold.placed", word, clock);
    return `${drill.toUpperCase()} is on hold: nothing of it is erased until it is released.`;
  });
}

/** Ends a legal hold: from then on the drill can be erased again. Throws as `holdDrill` does. */
export function releaseDrill(args: readonly string[]): Promise<number> {
  return inStore("release", args, async (store, drill, word) => {
    await hold(store, drill.toUpperCase(), "hold.released", word, clock);
    return `${drill.toUpperCase()} is no longer on hold.`;
  });
}

async function inStore(command: string, args: readonly string[], work: (store: Store, about: string, word: Word) => Promise<string>): Promise<number> {
  const { values, positionals } = parsed(args, { reason: { type: "string" } });
  const [about] = positionals;
  const reason = values["reason"];
  if (about === undefined || typeof reason !== "string" || reason.trim() === "") throw new DrillbookError("bad-input", `${command} needs what it is about, and a reason that stays in the history.`, `For example: drillbook ${command} ${command === "erase-before" ? "2020-01-01" : command === "erase-person" ? "<id>" : "PAY-0001"} --reason "…"`);
  const store = await openStore(readConfig(process.env), { clock });
  try {
    const { username } = userInfo();
    console.log(await work(store, about, { by: { id: `local:${username}`, name: username }, reason }));
    return 0;
  } finally {
    await store.close();
  }
}

function told(erased: readonly Erased[]): string {
  if (erased.length === 0) return "Nothing was to be erased.";
  return [...erased.map((e) => `${e.drill}: ${e.records} records and ${e.blobs} files erased.`), "Copies that left the store do not change: bundles that were exported, backups, and what Teams shows."].join("\n");
}
