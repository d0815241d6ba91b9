import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { errorCodes } from "../../../src/errors.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The exported functions of a file, by name, each with the comment that stands over it; empty: none does. */
function exportedFunctions(text: string): readonly (readonly [name: string, said: string])[] {
  return ts.createSourceFile("file.ts", text, ts.ScriptTarget.Latest, true).statements.flatMap((statement) => {
    if (!ts.canHaveModifiers(statement) || ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) !== true) return [];
    const said = ts.getJSDocCommentsAndTags(statement).map((comment) => comment.getText().replaceAll(/\s+(?:\* )?/g, " ")).join(" ");
    if (ts.isFunctionDeclaration(statement)) return [[statement.name?.text ?? "", said] as const];
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.flatMap(({ name, initializer }) => (initializer !== undefined && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer)) ? [[name.getText(), said] as const] : []));
  });
}

describe("what is exported", () => {
  const all = globSync(join(root, "src/**/*.ts")).flatMap((file) => exportedFunctions(readFileSync(file, "utf8")).map(([name, said]) => ({ name: `${name} in ${relative(root, file)}`, said })));

  it("says what a reader cannot see from name and signature", () => {
    assert.ok(all.length > 1_000, `${all.length} functions`);
    assert.deepEqual(all.filter(({ said }) => said === "").map(({ name }) => name), []);
  });

  it("names no error that there is not", () => {
    const codes = new Set<string>(errorCodes);
    const named = all.flatMap(({ name, said }) => [...said.matchAll(/\bthrows ((?:(?:, | or | and )?`[a-z-]+`)+)/giu)].flatMap(([, list = ""]) => [...list.matchAll(/`([a-z-]+)`/g)].map(([, code = ""]) => ({ name, code }))));
    assert.ok(named.length > 100, `${named.length} errors`);
    assert.deepEqual(named.filter(({ code }) => !codes.has(code)), []);
  });

  it("is found however a function is written", () => {
    const text = "export function a() {}\n/** Said. */\nexport const b = () => 1;\nexport const c = 1;\nfunction d() {}\nexport async function e() {}\n";
    assert.deepEqual(exportedFunctions(text).map(([name, said]) => [name, said !== ""]), [["a", false], ["b", true], ["e", false]]);
  });
});
