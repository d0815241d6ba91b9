import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../../../src/config.ts";
import type { DrillEvent } from "../../../src/drills/events.ts";
import { sha256 } from "../../../src/evidence/hash.ts";
import { verifyBundle } from "../../../src/evidence/verify.ts";
import { writeZip } from "../../../src/evidence/bundle/zip.ts";
import { rehearse } from "../../../src/rehearsal.ts";
import { filesIn } from "../../unit/evidence/fixtures/files-in.ts";
import { hasPython, secondVerdicts } from "../../unit/evidence/verify/second-verifier.ts";

const part = `---
id: who-is-there
---
# Who is there

## Names

\`\`\`ask
answers: { lead: { type: text, label: Who leads } }
\`\`\`
`;

const whole = `---
id: whole
parameters: { plan: { type: recovery-plan }, network: { type: azure-resource } }
---
# Whole

## First

\`\`\`include who-is-there
\`\`\`

## Yes?

\`\`\`approval
\`\`\`

## Start

\`\`\`action asr-test-failover
plan: \${plan}
network: \${network}
\`\`\`

## Updates

\`\`\`check hotfixes
from: web-01-test
\`\`\`

## Port

\`\`\`check tcp
from: web-01-test
targets: ["10.50.0.11:80"]
\`\`\`

## Web

\`\`\`check http
as: browser
from: web-01-test
targets: ["http://10.50.0.11/"]
host: payroll.contoso.example
\`\`\`
`;

describe("the bundle of a rehearsal", () => {
  let folder = "";
  let bundle = new Uint8Array();
  let files: ReadonlyMap<string, Uint8Array> = new Map();
  let events: readonly DrillEvent[] = [];
  let known = "";

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "bundle-contents-"));
    writeFileSync(join(folder, "part.md"), part);
    writeFileSync(join(folder, "whole.md"), whole);
    const end = await rehearse({
      file: join(folder, "whole.md"), params: {}, answers: { "first.names": { answer: "done", reason: "", then: "give-up", values: { lead: "Olivia's deputy" } } }, outputs: {}, out: folder, keys: folder,
      people: readConfig({}).people, profiles: null, scenario: "calm", seed: "one", onProgress: () => undefined,
    });
    bundle = readFileSync(end.bundle);
    files = filesIn(bundle);
    known = readFileSync(end.publicKey, "utf8");
    events = text("events.jsonl").trim().split("\n").map((line) => JSON.parse(line) as DrillEvent);
  });
  after(() => rmSync(folder, { recursive: true }));

  const text = (name: string): string => Buffer.from(files.get(name) ?? assert.fail(name)).toString("utf8");

  it("is intact by both verifiers, and its events are what the bot would write", async () => {
    assert.equal(verifyBundle(bundle, { knownKeys: [known] }).status, "intact");
    if (hasPython()) assert.deepEqual((await secondVerdicts([bundle], known)).map((v) => v.status), ["intact"]);
    assert.deepEqual([...new Set(events.map((e) => e.v as number))], [3]);
    assert.equal(text("events.jsonl").includes("Olivia"), false);
    assert.match(text("records.jsonl"), /Olivia's deputy/);
  });

  it("has the runbook and every runbook that it includes, by their bytes; both verifiers miss one", async () => {
    assert.equal(text("runbook.md"), whole);
    const name = `blobs/${sha256(part)}`;
    assert.equal(text(name), part);
    const without = writeZip(new Map([...files].filter(([file]) => file !== name)));
    assert.ok(verifyBundle(without, { knownKeys: [known] }).problems.some((p) => p.where === name));
    if (hasPython()) assert.deepEqual((await secondVerdicts([without], known)).map((v) => v.where), [name]);
  });

  it("has every request to Azure as a record of its own, with the write behind the failover", async () => {
    const lines = text("requests.jsonl").trim().split("\n").map((line) => JSON.parse(line) as { event: number; operation: string | null; request: { method: string; path: string; status: number; clientRequestId: string } });
    assert.equal(lines.length, events.flatMap((e) => ("requests" in e ? e.requests : [])).length);
    const write = lines.find(({ request }) => request.method === "POST" && request.path.includes("/testFailover?"));
    assert.equal(write?.request.status, 202);
    assert.equal(write.operation, "start#1");
    const without = writeZip(new Map([...files, ["requests.jsonl", Buffer.from(text("requests.jsonl").replace('"status":202', '"status":200'))]]));
    assert.ok(verifyBundle(without, { knownKeys: [known] }).problems.some((p) => p.where === "requests.jsonl"));
    if (hasPython()) assert.deepEqual((await secondVerdicts([without], known)).map((v) => v.where), ["requests.jsonl"]);
  });

  it("has the scripts that were run on servers, and what they printed there", () => {
    const looks = events.flatMap((e) => (e.type === "check.observed" ? [e.result as { script: { sha256: string } | null; sources?: readonly { sha256: string }[] }] : []));
    assert.equal(looks.length, 3);
    for (const { script, sources = [] } of looks) {
      assert.ok(files.has(`blobs/${script?.sha256 ?? ""}`));
      for (const source of sources) assert.match(text(`blobs/${source.sha256}`), /HotFixID|KB\d+/);
    }
  });

  it("has a report for people and programs, the timeline, the verifier in one file and a README that names every file", () => {
    const readme = text("README.txt");
    for (const name of files.keys()) if (name !== "README.txt") assert.ok(readme.includes(name.replace(/^blobs\/.*/, "blobs/")), name);
    for (const name of ["report.html", "report.json", "timeline.csv", "verify_bundle.py", "checkpoint.txt", "inclusion.txt", "leaves.txt", "key.pem"]) assert.ok(files.has(name), name);
  });
});
