import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { commandLines } from "../../../src/texts/commands.ts";

// Whoever edits or translates what people read opens src/texts and nothing else: a sentence that slips into another room
// would stay as it was, and nobody would see why.

/** What shows texts in the chat and on cards, or refuses there. What a check or an action observes is written where it is observed. */
const rooms = ["src/dialogs", "src/bot", "src/drills", "src/people"];

/** Read at the start by whoever installs, or in the log; never in the chat. */
const notInChat = /^src\/(?:bot\/door|people\/people-file\.ts|people\/rehearsal-people\.ts)/u;

/** What people read: the fields of cards, of buttons and of refusals. */
const read = new Set(["title", "label", "placeholder", "asks", "kicker", "subtitle", "errorMessage", "altText", "message", "suggestion", "command", "fallbackText", "reason", "detail", "summary"]);

/** Faults of the program and of the store: the log keeps them, and people get a reference. */
const faults = new Set(["internal", "store-newer"]);
const spellings = new Set(commandLines.flatMap((line) => line.words));

function sentencesIn(file: string, code: string): readonly string[] {
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node) || isForTheLog(node)) return;
    const words = wordsOf(node);
    if (words !== null && (isSentence(words) || (isRead(node) && /[A-Za-z]{2}/u.test(words)))) found.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${words}`);
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}

function wordsOf(node: ts.Node): string | null {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  return ts.isTemplateExpression(node) ? [node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join("…") : null;
}

function isSentence(words: string): boolean {
  return /[A-Za-z]{2,}[,.:;]? +[A-Za-z]{2,}/u.test(words) && !spellings.has(words) && !/^sign as (?:owner|reviewer)$/u.test(words);
}

/** Whether the words become, as they are or by a choice, a field that people read. */
function isRead(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isConditionalExpression(parent) || ts.isParenthesizedExpression(parent)) return parent.pos !== node.pos && isRead(parent);
  return ts.isPropertyAssignment(parent) && parent.initializer === node && ts.isIdentifier(parent.name) && read.has(parent.name.text);
}

function isForTheLog(node: ts.Node): boolean {
  if (ts.isCallExpression(node)) return /^(?:log|parts\.log|watch)\./u.test(node.expression.getText()) || node.expression.kind === ts.SyntaxKind.SuperKeyword;
  if (ts.isPropertyAssignment(node)) return ["key", "error"].includes(node.name.getText());
  // A request that is turned away: whoever made it gets the number alone.
  if (ts.isObjectLiteralExpression(node)) return node.properties.some((property) => property.name?.getText() === "status" && ts.isPropertyAssignment(property) && ts.isNumericLiteral(property.initializer));
  if (!ts.isNewExpression(node)) return false;
  const [code] = node.arguments ?? [];
  return node.expression.getText() === "Error" || (code !== undefined && ts.isStringLiteral(code) && faults.has(code.text));
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts")).map((name) => join(folder, name).replaceAll("\\", "/"));
}

describe("what people read in the chat and on cards", () => {
  for (const room of rooms) {
    it(`is not written in ${room}`, () => {
      const files = filesIn(room).filter((file) => !notInChat.test(file));
      assert.ok(files.length > 2, "no file was found");
      assert.deepEqual(files.flatMap((file) => sentencesIn(file, readFileSync(file, "utf8"))), []);
    });
  }

  it("is found wherever it slips in", () => {
    const slips = ['text("Nothing was sent.")', "small(`Step ${n} of ${m}, side by side`)", 'const b = { title: "Done" }', 'const c = { asks: bad ? "failed" : x.y }', 'later("It is not paused.")', 'new DrillbookError("bad-input", "Say until when.", "")'];
    for (const slip of slips) assert.ok(sentencesIn("a.ts", slip).length > 0, slip);
    const innocent = ['log.warn({}, "a card could not be sent")', 'const e = { type: "TextBlock", size: "Small", key: `undo ${a}/${b} of it` }', 'new DrillbookError("internal", "A digest was asked of it.", "Report this fault.")', 'import a from "two words"', "const w = [\"look again\"]"];
    for (const code of innocent) assert.deepEqual(sentencesIn("a.ts", code), [], code);
  });

  it("is all used: what nobody says any more is taken out", () => {
    const code = ["src", "scripts"].flatMap(filesIn).map((file) => readFileSync(file, "utf8")).join("\n");
    const unused = filesIn("src/texts").flatMap((file) => textsIn(readFileSync(file, "utf8")).filter(({ of, name }) => !code.includes(`${of}[`) && !new RegExp(`\\.${name}\\b`, "u").test(code)).map(({ of, name }) => `${file}: ${of}.${name}`));
    assert.deepEqual(unused, []);
  });
});

/** Each text of a file with the constant that it belongs to. */
function textsIn(code: string): readonly { readonly of: string; readonly name: string }[] {
  return code.split(/^export const /mu).slice(1).flatMap((block) => [...block.matchAll(/^ {2}([a-z]\w+): /gmu)].map(([, name = ""]) => ({ of: /^\w+/u.exec(block)?.[0] ?? "", name })));
}
