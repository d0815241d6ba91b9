import { readFileSync, writeFileSync } from "node:fs";
import { catalogue } from "../src/composition.ts";
import { editorSchema } from "../src/runbooks/reference/json-schema.ts";
import { typesPage, withTables } from "../src/runbooks/reference/tables.ts";

// Writes what is made from the schemas: the tables of the format page, the page of the types, and the schema for editors.

const docs = new URL("../docs/", import.meta.url);
const format = new URL("runbook-format.md", docs);
writeFileSync(format, withTables(readFileSync(format, "utf8")));
writeFileSync(new URL("runbook-types.md", docs), typesPage(catalogue));
writeFileSync(new URL("runbook.schema.json", docs), `${JSON.stringify(editorSchema(catalogue), null, 1)}\n`);
