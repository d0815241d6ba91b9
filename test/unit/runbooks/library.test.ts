import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const root = join(import.meta.dirname, "../../..");
const namesIn = (folder: string, end: string): readonly string[] => readdirSync(join(root, folder)).filter((file) => file.endsWith(end)).map((file) => basename(file, end)).toSorted();
const runbooks = namesIn("runbooks", ".md");
const frontMatter = z.looseObject({ id: z.string().optional(), covers: z.array(z.number()).default([]) });

function frontMatterOf(runbook: string): z.infer<typeof frontMatter> {
  // A page without front matter is a runbook too: its id is its file's name.
  const [, yaml] = /^---\n([^]*?)\n---\n/.exec(readFileSync(join(root, "runbooks", `${runbook}.md`), "utf8")) ?? [];
  return frontMatter.parse(parse(yaml ?? "{}"));
}

describe("the library", () => {
  it("answers every row of the field notes, and no row that is not there", () => {
    const covered = new Set(runbooks.flatMap((runbook) => frontMatterOf(runbook).covers));
    assert.deepEqual([...covered].toSorted((a, b) => a - b), Array.from({ length: 31 }, (_, row) => row + 1));
  });

  it("says how each runbook is rehearsed, and rehearses none that is gone", () => {
    assert.deepEqual(namesIn("scenarios/rehearsals", ".yaml"), runbooks);
  });

  it("names each file after its runbook", () => {
    assert.deepEqual(runbooks.map((runbook) => frontMatterOf(runbook).id ?? runbook), runbooks);
  });
});
