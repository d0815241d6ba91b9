import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../src/runbooks/compile.ts";
import type { Diagnostic, Runbook } from "../../src/runbooks/runbook.ts";
import { catalogue } from "../unit/runbooks/example-catalogue.ts";

/**
 * Each runbook has beside it exactly what the compiler must say: its diagnostics, or for a good one the compiled form.
 * With ACCEPT=1 the files are written anew, to be read before they are committed.
 */
describe("conformance", () => {
  for (const folder of ["good", "bad"]) {
    const path = join(import.meta.dirname, folder);
    for (const file of readdirSync(path).filter((name) => name.endsWith(".md"))) {
      it(`${folder}/${file}`, () => {
        const { runbook, diagnostics } = compile(readFileSync(join(path, file)), file, catalogue);
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
