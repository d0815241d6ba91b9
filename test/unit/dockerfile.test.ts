import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL, fileURLToPath } from "node:url";

const lines = readFileSync("Dockerfile", "utf8").split("\n");
const ignored = new Set(readFileSync(".dockerignore", "utf8").split("\n").filter((line) => line !== ""));

/** What the image gets from the working copy, at the same place under /app. */
const copied = lines.flatMap((line) => {
  const [word, ...rest] = line.trim().split(/\s+/);
  return word === "COPY" && !rest.some((part) => part.startsWith("--from=")) ? rest.slice(0, -1) : [];
});

/** The files and folders outside src that the program opens beside itself. */
function openedBySource(): ReadonlyMap<string, string> {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts")).map((name) => join("src", name));
  return new Map(
    files.flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/new URL\((["`])(\.\.?\/[^"`$]*)/gu)].map(([, , path = ""]) => [relative(process.cwd(), fileURLToPath(new URL(path, pathToFileURL(resolve(dirname(file), "x"))))), file] as const),
    ),
  );
}

describe("the image", () => {
  it("is made of what is there, and of nothing that the build leaves out", () => {
    assert.ok(copied.length > 3);
    for (const path of copied) {
      assert.ok(existsSync(path), path);
      assert.ok(!ignored.has(path.split("/")[0] ?? ""), `${path} is in .dockerignore`);
    }
  });

  it("holds everything that the program opens beside itself", () => {
    const opened = openedBySource();
    assert.ok([...opened.keys()].some((path) => path.startsWith("scenarios")), "nothing was found");
    for (const [path, by] of opened) assert.ok(copied.some((folder) => path === folder || path.startsWith(`${folder}/`)), `${by} opens ${path}, which is not copied`);
  });

  it("runs as nobody special, on the Node that the project asks for, and keeps what must last in one volume", () => {
    const { engines } = JSON.parse(readFileSync("package.json", "utf8")) as { engines: { node: string } };
    const major = /\d+/.exec(engines.node)?.[0];
    const bases = lines.filter((line) => line.startsWith("FROM "));
    assert.ok(bases.length === 2 && bases.every((line) => line.includes(` node:${major}-`)), bases.join(", "));
    const after = (word: string): number => lines.findIndex((line) => line.startsWith(word));
    assert.ok(after("USER node") > after("RUN mkdir /data") && after("CMD") > after("USER node"));
    assert.match(lines.find((line) => line.startsWith("ENV ")) ?? "", /DRILLBOOK_DATA=\/data/);
    assert.ok(lines.includes("VOLUME /data"));
  });
});
