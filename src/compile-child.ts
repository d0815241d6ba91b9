import { flushCompileCache } from "node:module";
import type { ChildSettings, Request } from "./compiling/messages.ts";
import { watchdog } from "./compiling/watchdog.ts";
import { catalogueFor } from "./composition.ts";
import { compileBeside } from "./runbooks/compiler.ts";

// The process that reads untrusted bytes. Its first message says what there is, every other one is a file.

process.once("message", (settings: ChildSettings) => {
  const catalogue = catalogueFor(settings);
  const guard = watchdog(2_000);
  process.on("message", ({ id, source, beside }: Request) => {
    guard.begin();
    const compiled = compileBeside(source, beside, catalogue);
    guard.end();
    process.send?.({ id, compiled });
  });
  process.send?.({ ready: true });
  // It is killed in the end, when nothing would be kept for the next start.
  flushCompileCache();
});
process.once("disconnect", () => process.exit(0));
