import assert from "node:assert/strict";
import { writeZip } from "../../../../src/evidence/bundle/zip.ts";
import { manifestText } from "../../../../src/evidence/bundle/manifest.ts";
import { canonicalBytes } from "../../../../src/evidence/canonical.ts";
import { genesisHead, nextHead } from "../../../../src/evidence/chain.ts";
import { sha256 } from "../../../../src/evidence/hash.ts";
import { openLocalKey, type SigningKey } from "../../../../src/evidence/keys.ts";
import { verifyBundle } from "../../../../src/evidence/verify.ts";
import { filesIn } from "../fixtures/files-in.ts";
import type { DrillEvent } from "../../../../src/drills/events.ts";
import type { Json } from "../../../../src/runbooks/runbook.ts";
import { inTemporaryFolder } from "../../storage/sqlite/temporary.ts";
import { noted } from "../../storage/events.ts";
import { smallBundle, smallDrill } from "../fixtures/bundles.ts";

type Files = Map<string, Uint8Array>;

/** Forgeries by somebody who holds the key: signature, manifest and container are flawless, the content is not. */
describe("verify, of a bundle signed again by a forger with the key", () => {
  const folder = inTemporaryFolder();
  let key: SigningKey;

  before(() => {
    key = openLocalKey(folder.path("data"), { rehearsal: true });
  });

  async function forge(change: (files: Files) => void, head = ""): Promise<ReturnType<typeof verifyBundle>> {
    const files: Files = filesIn(await smallBundle(key));
    files.delete("manifest.txt");
    files.delete("manifest.sig");
    change(files);
    const about = JSON.parse(Buffer.from(files.get("drill.json") ?? "{}").toString()) as { head: string; events: number };
    const manifest = Buffer.from(manifestText({ drill: "S-1", mode: "rehearsal", events: about.events, head: head || about.head }, files));
    files.set("manifest.txt", manifest);
    files.set("manifest.sig", Buffer.from(`${Buffer.from(await key.sign(manifest)).toString("base64")}\n`));
    return verifyBundle(writeZip(files), { knownKeys: [key.publicPem] });
  }

  /** Another history, with everything that follows from it made to fit. */
  function history(lines: readonly (DrillEvent | string)[]): (files: Files) => void {
    return (files) => {
      const bytes = lines.map((line) => (typeof line === "string" ? Buffer.from(line) : canonicalBytes(line as unknown as Json)));
      const heads: string[] = [];
      for (const each of bytes) heads.push(nextHead(heads.at(-1) ?? genesisHead("S-1"), each));
      files.set("events.jsonl", Buffer.concat(bytes.flatMap((each) => [each, Buffer.from("\n")])));
      files.set("heads.txt", Buffer.from(heads.map((head) => `${head}\n`).join("")));
      const summary = JSON.parse(Buffer.from(files.get("drill.json")!).toString()) as { [key: string]: Json };
      files.set("drill.json", Buffer.concat([canonicalBytes({ ...summary, events: lines.length, head: heads.at(-1) ?? "" }), Buffer.from("\n")]));
    };
  }

  const first = smallDrill()[0]!;
  const [, second, third] = smallDrill() as readonly [DrillEvent, DrillEvent, DrillEvent];
  const text = (event: DrillEvent) => Buffer.from(canonicalBytes(event)).toString();
  const person = (digit: string) => ({ ref: `p-${"A".repeat(22)}`, sha256: digit.repeat(64) });
  const deep = `${text(second).slice(0, -1)},"z":${"[".repeat(200)}${"]".repeat(200)}}`;

  it("accepts one that was made again without a lie", async () => {
    assert.deepEqual((await forge(() => {})).problems, []);
    assert.deepEqual((await forge(history(smallDrill()))).problems, []);
  });

  const histories: Record<string, [lines: readonly (DrillEvent | string)[], where: string, why: RegExp]> = {
    "an event left out": [[first, third], "events.jsonl, event 2", /carries number 3/],
    "the first event left out": [[second, third], "events.jsonl, event 1", /carries number 2/],
    "an event twice": [[first, second, second, third], "events.jsonl, event 3", /carries number 2/],
    "two events changed about": [[first, third, second], "events.jsonl, event 2", /carries number 3/],
    "an event of another drill": [[first, noted("S-2", 2), third], "events.jsonl, event 2", /belongs to drill S-2/],
    "a second launch": [[first, { ...first, seq: 2 }, third], "events.jsonl, event 2", /once/],
    "no launch": [[noted("S-1", 1)], "events.jsonl, event 1", /starts with drill.launched/],
    "an unknown version": [[first, { ...second, v: 4 } as unknown as DrillEvent], "events.jsonl, event 2", /version 4/],
    "no time": [[first, { ...second, at: "yesterday" }], "events.jsonl, event 2", /no time/],
    "nobody": [[first, { ...second, by: {} } as unknown as DrillEvent], "events.jsonl, event 2", /names nobody/],
    "spaces": [[first, text(second).replace(",", ", ")], "events.jsonl, event 2", /canonical/],
    "keys out of order": [[first, `{"z":1,${text(second).slice(1)}`], "events.jsonl, event 2", /canonical/],
    "a doubled key": [[first, `{"at":"2026-11-20T11:00:02.000Z",${text(second).slice(1)}`], "events.jsonl, event 2", /canonical/],
    "another spelling of a number": [[first, text(second).replace('"seq":2', '"seq":2.0')], "events.jsonl, event 2", /canonical/],
    "an integer that no double holds": [[first, `${text(second).slice(0, -1)},"z":9007199254740992}`], "events.jsonl, event 2", /too large/],
    "half a character": [[first, `${text(second).slice(0, -1)},"z":"\\ud800"}`], "events.jsonl, event 2", /half a character/],
    "what is no JSON": [[first, "{"], "events.jsonl, event 2", /not JSON/],
    "a list": [[first, "[]"], "events.jsonl, event 2", /not an object/],
    "a drill id that breaks lines": [[{ ...first, drill: "S\n1" }], "events.jsonl, event 1", /belongs to drill/],
    "two commitments to one person": [[first, { ...second, v: 3, by: person("a") } as unknown as DrillEvent, { ...third, v: 3, by: person("b") } as unknown as DrillEvent], "events.jsonl, event 3", /another commitment/],
    "endless nesting": [[first, deep], "events.jsonl, event 2", /deeper/],
  };
  for (const [what, [lines, where, why]] of Object.entries(histories)) {
    it(`refuses a history with ${what}`, async () => {
      const report = await forge(history(lines));
      assert.equal(report.status, "broken");
      assert.equal(report.problems[0]?.where, where);
      assert.match(report.problems[0].why, why);
    });
  }

  const forgeries: Record<string, [change: (files: Files) => void, where: string]> = {
    "another runbook": [(files) => files.set("runbook.md", Buffer.from("# Harmless\n")), "runbook.md"],
    "no runbook": [(files) => files.delete("runbook.md"), "runbook.md"],
    "no report": [(files) => files.delete("report.html"), "report.html"],
    "a request that no event tells of": [(files) => files.set("requests.jsonl", Buffer.from('{"event":2,"operation":null,"request":{},"step":null}\n')), "requests.jsonl"],
    "no events": [(files) => files.set("events.jsonl", new Uint8Array(0)), "events.jsonl"],
    "events without an end of line": [(files) => files.set("events.jsonl", files.get("events.jsonl")!.subarray(0, -1)), "events.jsonl"],
    "another summary": [(files) => replace(files, "drill.json", '"mode":"rehearsal"', '"mode":"live"'), "drill.json"],
    "a field more in the summary": [(files) => replace(files, "drill.json", '{"drill"', '{"claim":1,"drill"'), "drill.json"],
    "another head": [(files) => files.set("heads.txt", Buffer.from(`${"0".repeat(64)}\n`.repeat(3))), "events.jsonl, event 1"],
    "a damaged list of heads": [(files) => replaceAt(files, "heads.txt", 65), "heads.txt, line 2"],
    "a head too many": [(files) => files.set("heads.txt", Buffer.concat([files.get("heads.txt")!, Buffer.from("ff\n")])), "heads.txt, line 4"],
    "a blob that no event names": [(files) => files.set(`blobs/${sha256("x")}`, Buffer.from("x")), `blobs/${sha256("x")}`],
    "a blob of other bytes": [(files) => files.set(`blobs/${sha256("card")}`, Buffer.from("cord")), `blobs/${sha256("card")}`],
    "a file of another name": [(files) => files.set("../../etc/passwd", Buffer.from("x")), "README.txt"],
    "a checkpoint without its proof": [(files) => files.delete("inclusion.txt"), "inclusion.txt"],
    "a proof without its checkpoint": [(files) => files.delete("checkpoint.txt"), "checkpoint.txt"],
    "a checkpoint with another time": [(files) => replace(files, "checkpoint.txt", "time 2026", "time 2025"), "checkpoint.txt"],
    "a checkpoint of the log of real drills": [(files) => replace(files, "checkpoint.txt", "drillbook/rehearsal", "drillbook/drills"), "checkpoint.txt"],
    "a proof of another event": [(files) => replace(files, "inclusion.txt", "event 3", "event 2"), "inclusion.txt"],
    "a proof of an event that is not there": [(files) => replace(files, "inclusion.txt", "event 3", "event 4"), "inclusion.txt"],
    "a proof of another place": [(files) => replace(files, "inclusion.txt", "index 2", "index 3"), "inclusion.txt"],
    "a proof of another size": [(files) => replace(files, "inclusion.txt", "size 5", "size 6"), "inclusion.txt"],
    "a proof in another form": [(files) => replace(files, "inclusion.txt", "index 2", "index 02"), "inclusion.txt"],
    "a key with text around it": [(files) => files.set("key.pem", Buffer.concat([Buffer.from("x\n"), files.get("key.pem")!])), "key.pem"],
    "a key of another kind": [(files) => files.set("key.pem", Buffer.from("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n")), "key.pem"],
  };
  for (const [what, [change, where]] of Object.entries(forgeries)) {
    it(`refuses ${what}`, async () => {
      const report = await forge(change);
      assert.equal(report.status, "broken");
      assert.equal(report.problems[0]?.where, where);
    });
  }

  it("refuses a manifest that names another head", async () => {
    const report = await forge(() => {}, "f".repeat(64));
    assert.equal(report.problems[0]?.where, "manifest.txt, line 5");
  });

  it("refuses another form of the same signature", async () => {
    const files: Files = filesIn(await smallBundle(key));
    const der = Buffer.from(Buffer.from(files.get("manifest.sig")!).toString(), "base64");
    const refuses = (signature: string, why: RegExp) => {
      const report = verifyBundle(writeZip(new Map([...files, ["manifest.sig", Buffer.from(signature)]])), { knownKeys: [key.publicPem] });
      assert.equal(report.problems[0]?.where, "manifest.sig");
      assert.match(report.problems[0].why, why);
    };
    refuses(der.toString("base64"), /one line/);
    refuses(`${der.toString("base64")}\r\n`, /one line/);
    refuses(`${der.toString("hex")}\n`, /base64|DER/);
    refuses(`${Buffer.concat([der, Buffer.of(0)]).toString("base64")}\n`, /DER/);
    refuses(`${withLargerS(der).toString("base64")}\n`, /larger/);
    refuses(`${padded(der).toString("base64")}\n`, /shortest/);
    refuses("\n", /DER/);
  });
});

function replace(files: Files, name: string, from: string, to: string): void {
  const before = Buffer.from(files.get(name)!).toString();
  assert.ok(before.includes(from));
  files.set(name, Buffer.from(before.replace(from, to)));
}

function replaceAt(files: Files, name: string, at: number): void {
  const bytes = Buffer.from(files.get(name)!);
  bytes[at] = bytes[at] === 0x30 ? 0x31 : 0x30;
  files.set(name, bytes);
}

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** (r, n - s) is a valid signature of the same text. */
function withLargerS(der: Buffer): Buffer {
  const sAt = 4 + der[3]!;
  const s = BigInt(`0x${der.subarray(sAt + 2).toString("hex")}`);
  const larger = Buffer.from(`00${(order - s).toString(16).padStart(64, "0")}`, "hex");
  const body = Buffer.concat([der.subarray(2, sAt), Buffer.of(2, larger.length), larger]);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

function padded(der: Buffer): Buffer {
  const rLength = der[3]!;
  const r = Buffer.concat([Buffer.of(0), der.subarray(4, 4 + rLength)]);
  const rest = der.subarray(4 + rLength);
  const body = Buffer.concat([Buffer.of(2, r.length), r, rest]);
  const again = Buffer.concat([Buffer.of(0x30, body.length), body]);
  // With a leading zero there already, two of them are what is not the shortest form.
  return der[4] === 0 || der[4]! < 0x80 ? again : Buffer.concat([Buffer.of(0x30, body.length + 1), Buffer.of(2, r.length + 1), Buffer.of(0), r, rest]);
}
