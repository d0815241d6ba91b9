import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { catalogue } from "../../../../src/composition.ts";
import { editorSchema } from "../../../../src/runbooks/reference/json-schema.ts";
import { referenceTables, typesPage, withTables } from "../../../../src/runbooks/reference/tables.ts";

const docs = join(import.meta.dirname, "../../../../docs");
const remedy = "Made from the schemas: run node bin/on-node24.mjs scripts/runbook-reference.ts";

describe("what is made from the schemas", () => {
  const page = readFileSync(join(docs, "runbook-format.md"), "utf8");

  it("is up to date on the format page, which holds every table", () => {
    assert.equal(page, withTables(page), remedy);
    assert.deepEqual([...page.matchAll(/<!-- keys: (\S+) -->/g)].map((found) => found[1]).toSorted(), Object.keys(referenceTables()).toSorted());
  });

  it("is up to date on the page of checks and actions", () => {
    assert.equal(readFileSync(join(docs, "runbook-types.md"), "utf8"), typesPage(catalogue), remedy);
  });

  it("is up to date in the schema for editors", () => {
    assert.deepEqual(JSON.parse(readFileSync(join(docs, "runbook.schema.json"), "utf8")), JSON.parse(JSON.stringify(editorSchema(catalogue))), remedy);
  });
});
