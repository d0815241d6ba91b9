import { watchdog } from "../../src/compiling/watchdog.ts";
import type { Request } from "../../src/compiling/messages.ts";

// A child that does what the text says, to see what its parent makes of it.

process.once("message", () => {
  process.on("message", ({ id, source }: Request) => {
    const text = new TextDecoder().decode(source.bytes);
    if (text === "die") process.abort();
    if (text === "exit") process.exit(0);
    for (const hog: Uint32Array[][] = []; text === "hog"; ) hog.push(Array.from({ length: 1_000 }, () => new Uint32Array(1)));
    if (text === "busy") watchdog(300).begin();
    while (text === "hang" || text === "busy") text.charAt(0);
    process.send?.({ id, compiled: { runbook: null, diagnostics: [{ rule: text, heap: process.execArgv }] } });
  });
  process.send?.({ ready: true });
});
process.once("disconnect", () => process.exit(0));
