import type { ChildSettings, Request } from "./compiling/messages.ts";
import { catalogueFor } from "./composition.ts";
import { compileBeside } from "./runbooks/compiler.ts";

// The process that reads untrusted bytes. Its first message says what there is, every other one is a file.

process.once("message", (settings: ChildSettings) => {
  const catalogue = catalogueFor(settings);
  process.on("message", ({ id, source, beside }: Request) => process.send?.({ id, compiled: compileBeside(source, beside, catalogue) }));
  process.send?.({ ready: true });
});
process.once("disconnect", () => process.exit(0));
