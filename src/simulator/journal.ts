import { closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { apply, emptyWorld } from "./world.ts";
import type { Change, World } from "./world.ts";

/** The world and the one way to change it. */
export type Journal = { readonly world: World; readonly change: (change: Change) => void; readonly close: () => void };

/** A world that ends with the process. */
export function inMemory(): Journal {
  const world = emptyWorld();
  return { world, change: (change) => apply(world, change), close: () => undefined };
}

/**
 * A world that outlives the process: each change is one line, on the disk before the request that made it is answered.
 * A last line that was cut off was never answered, so it is dropped.
 */
export function onDisk(file: string): Journal {
  mkdirSync(dirname(file), { recursive: true });
  const { changes, wholeBytes } = existsSync(file) ? read(file) : { changes: [], wholeBytes: 0 };
  const world = emptyWorld();
  for (const change of changes) apply(world, change);
  const descriptor = openSync(file, "a", 0o600);
  ftruncateSync(descriptor, wholeBytes);
  return {
    world,
    change(change) {
      writeSync(descriptor, `${JSON.stringify(change)}\n`);
      fsyncSync(descriptor);
      apply(world, change);
    },
    close: () => closeSync(descriptor),
  };
}

function read(file: string): { changes: readonly Change[]; wholeBytes: number } {
  const text = readFileSync(file, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  // Written by this module alone, one JSON object a line.
  const changes = whole.split("\n").filter((line) => line !== "").map((line): Change => JSON.parse(line));
  return { changes, wholeBytes: Buffer.byteLength(whole) };
}
