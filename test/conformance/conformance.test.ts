import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../src/runbooks/compile.ts";
import { noSources, sourcesOf } from "../../src/runbooks/include/sources.ts";
import type { Diagnostic, Runbook } from "../../src/runbooks/runbook.ts";
import { catalogue } from "../unit/runbooks/example-catalogue.ts";

/**
 * Each runbook has beside it exactly what the compiler must say: its diagnostics, or for a good one the compiled form.
 * With ACCEPT=1 the files are written anew, to be read before they are committed.
 */
describe("conformance", () => {
  const included = "to-be-included.md";
  const sources = sourcesOf([{ file: included, bytes: readFileSync(join(import.meta.dirname, "good", included)) }]);

  for (const folder of ["good", "bad"]) {
    const path = join(import.meta.dirname, folder);
    for (const file of readdirSync(path).filter((name) => name.endsWith(".md"))) {
      it(`${folder}/${file}`, () => {
        const bytes = readFileSync(join(path, file));
        const { runbook, diagnostics } = compile(bytes, file, catalogue, bytes.includes("```include to-be-included") ? sources : noSources);
        assert.equal(runbook !== null, folder === "good");
        const expected = join(path, file.replace(/\.md$/, ".txt"));
        const said = [...diagnostics.map(asLine), ...(runbook === null ? [] : [withoutHash(runbook)])].join("\n") + "\n";
        if (process.env["ACCEPT"] === "1") writeFileSync(expected, said);
        assert.equal(said, readFileSync(expected, "utf8"));
      });
    }
  }
});

function asLine({ from, to, severity, rule, message, suggestion }: Diagnostic): string {
  return `${from.line}:${from.column}-${to.line}:${to.column} ${severity} ${rule}\n    ${message}\n    ${suggestion}`;
}

function withoutHash({ hash, ...rest }: Runbook): string {
  assert.match(hash, /^[0-9a-f]{64}$/);
  return JSON.stringify(rest, null, 1);
}
