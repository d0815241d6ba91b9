import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { writeZip } from "../../../src/evidence/bundle/zip.ts";
import { canonicalBytes } from "../../../src/evidence/canonical.ts";
import { genesisHead, nextHead, sealEvent } from "../../../src/evidence/chain.ts";
import { entryHash } from "../../../src/evidence/log/checkpoint.ts";
import type { LogEntry } from "../../../src/evidence/log/ports.ts";
import { commitment, referencer, withRecords, withReferences } from "../../../src/evidence/personal/references.ts";
import { merkleTree } from "../../../src/evidence/log/tree.ts";
import type { DrillEvent } from "../../../src/drills/events.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { ended, noted } from "../storage/events.ts";

type Vectors = { drill: string; genesis: string; events: { bytes: string; sha256: string; head: string }[] };

const page = readFileSync(new URL("../../../docs/evidence-format.md", import.meta.url), "utf8");
const block = (info: string): string => {
  const text = page.split(`\`\`\`${info}\n`)[1]?.split("\n```")[0];
  assert.ok(text !== undefined, `the page has no block ${info}`);
  return text;
};

/** Computed here with nothing but SHA-256, as the page says: our own code is compared with it afterwards. */
const hash = (...parts: readonly (string | Buffer)[]) => createHash("sha256").update(Buffer.concat(parts.map((p) => Buffer.from(p)))).digest();

describe("the page on the evidence format", () => {
  const vectors = JSON.parse(block("json chain")) as Vectors;

  it("has a chain that follows from its own words", () => {
    let head = hash("drillbook/chain/1/genesis\n", vectors.drill);
    assert.equal(head.toString("hex"), vectors.genesis);
    for (const event of vectors.events) {
      assert.equal(hash(event.bytes).toString("hex"), event.sha256);
      head = hash("drillbook/chain/1/event\n", head, hash(event.bytes));
      assert.equal(head.toString("hex"), event.head);
    }
  });

  it("has a record whose commitment follows from its own words, and is the program's", () => {
    const { salt, value, sha256 } = JSON.parse(block("json record")) as { salt: string; value: { id: string; name: string }; sha256: string };
    assert.equal(hash("drillbook/record/1\n", Buffer.from(salt, "hex"), JSON.stringify(value)).toString("hex"), sha256);
    assert.equal(commitment({ salt, value }), sha256);
  });

  it("has events with references that follow from its own words, and that the program writes", () => {
    const { events, records } = JSON.parse(block("json references")) as { events: string[]; records: string[] };
    const byRef = new Map(records.map((line) => [/"ref":"([^"]+)"/.exec(line)?.[1] ?? "", line]));
    const values = new Map<string, Json>();
    for (const [, ref, expected] of events.join("").matchAll(/\{"ref":"([^"]+)","sha256":"([0-9a-f]{64})"\}/g)) {
      const { salt, value } = JSON.parse(byRef.get(ref ?? "") ?? "") as { salt: string; value: Json };
      assert.equal(hash("drillbook/record/1\n", Buffer.from(salt, "hex"), JSON.stringify(value)).toString("hex"), expected);
      values.set(ref ?? "", value);
    }
    assert.deepEqual([...values.keys()].toSorted(), [...byRef.keys()]);
    let n = 0;
    const refer = referencer((bytes) => Buffer.alloc(bytes, (n += 1)), []);
    const again = events.map((line) => withReferences(withRecords(JSON.parse(line) as DrillEvent, values), refer));
    assert.deepEqual(again.map((event) => Buffer.from(canonicalBytes(event)).toString()), events);
    assert.deepEqual(refer.take().map((record) => Buffer.from(canonicalBytes(record)).toString()).toSorted(), records);
  });

  it("has the chain that the program writes", () => {
    assert.equal(genesisHead(vectors.drill), vectors.genesis);
    const events = [noted(vectors.drill, 1, "Grüße, 世界 😀 <b> \u0007"), ended(vectors.drill, 2, "passed")];
    let head = vectors.genesis;
    events.forEach((event, i) => {
      const sealed = sealEvent(head, event);
      assert.equal(Buffer.from(sealed.bytes).toString(), vectors.events[i]?.bytes);
      assert.equal(sealed.head, vectors.events[i]?.head);
      assert.equal(nextHead(head, sealed.bytes), sealed.head);
      assert.deepEqual(Buffer.from(canonicalBytes(JSON.parse(vectors.events[i]?.bytes ?? "") as DrillEvent)), Buffer.from(sealed.bytes));
      head = sealed.head;
    });
  });

  it("has the log that the program writes, and that follows from its own words", () => {
    const log = JSON.parse(block("json log")) as { entries: (LogEntry & { leaf: string })[]; root: string };
    const leaves = log.entries.map((e) => hash(Buffer.of(0), `drillbook/log/1/head\n${e.drill}\n${e.seq}\n${e.head}\n`));
    assert.deepEqual(leaves.map((leaf) => leaf.toString("hex")), log.entries.map((e) => e.leaf));
    assert.equal(hash(Buffer.of(1), ...leaves).toString("hex"), log.root);
    assert.deepEqual(log.entries.map(entryHash), log.entries.map((e) => e.leaf));
    assert.equal(merkleTree(log.entries.map(entryHash)).root(2), log.root);
  });

  it("has the container that the program writes, whatever order the files came in", () => {
    const expected = block("hex container").replaceAll("\n", "");
    const files = [["head.txt", Buffer.from("b\n")], ["README.txt", Buffer.from("a\n")]] as const;
    assert.equal(Buffer.from(writeZip(new Map(files))).toString("hex"), expected);
    assert.equal(Buffer.from(writeZip(new Map(files.toReversed()))).toString("hex"), expected);
  });
});
