import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { DrillbookError } from "../errors.ts";
import { idFromFile } from "../runbooks/runbook-id.ts";
import { starter } from "../runbooks/starter.ts";
import { parsed } from "./options.ts";

/** Writes a starter that lints clean and can be rehearsed. Throws `bad-input` rather than write over a file. */
export async function newRunbook(args: readonly string[]): Promise<number> {
  const { values, positionals } = parsed(args, { title: { type: "string" } });
  const [file] = positionals;
  if (file === undefined || !/\.md$/i.test(file)) throw new DrillbookError("bad-input", "new needs a file that ends in .md.", "For example: drillbook new runbooks/mail-failover.md");
  const id = idFromFile(basename(file), "starter0");
  const title = typeof values["title"] === "string" ? values["title"] : id.replaceAll("-", " ").replace(/^./, (first) => first.toUpperCase());
  try {
    await writeFile(file, starter(id, title), { flag: "wx" });
  } catch (cause) {
    const there = cause instanceof Error && "code" in cause && cause.code === "EEXIST";
    throw new DrillbookError("bad-input", there ? `${file} is there already.` : `${file} cannot be written.`, there ? "Choose another name: nothing is written over." : "Check the path.", { cause });
  }
  console.log(`${file}\nChange it, then: drillbook lint ${file}\nTry it:         drillbook rehearse ${file}\nLook at it:     drillbook preview ${file} --out preview`);
  return 0;
}
