import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { DrillbookError } from "../errors.ts";
import { verifyBundle, verifyExitCode } from "../evidence/verify.ts";
import type { ByteSource } from "../evidence/verify/container.ts";
import { expectedByCard, expectedFingerprint } from "../evidence/verify/expected.ts";
import { contents, parsed } from "./options.ts";
import { print } from "./output.ts";

/**
 * Checks a bundle against keys that are already trusted, and against what was kept or told. Throws `bad-input` for a key, card
 * or fingerprint that is none, `not-found` for a file that cannot be read.
 */
export async function verifyFile(args: readonly string[]): Promise<number> {
  const { values, positionals } = parsed(args, { key: { type: "string", multiple: true }, earlier: { type: "string", multiple: true }, fingerprint: { type: "string", multiple: true }, card: { type: "string", multiple: true }, json: { type: "boolean" } });
  const [file] = positionals;
  if (file === undefined) throw new DrillbookError("bad-input", "verify needs a bundle.", "For example: drillbook verify PAY-0001.zip --key .drillbook/rehearsal.pub");
  const texts = (name: "key" | "earlier" | "fingerprint" | "card"): readonly string[] => (Array.isArray(values[name]) ? values[name] : []).map(String);
  const given = (name: "key" | "earlier"): readonly Buffer[] => texts(name).map((path) => contents(path));
  const expected = [...texts("fingerprint").map(expectedFingerprint), ...texts("card").map(expectedByCard)];
  const source = openBundle(file);
  const report = verifyBundle(source, { knownKeys: given("key").map((key) => key.toString("utf8")), earlier: given("earlier"), expected });
  source.close();
  if (values["json"] === true) print(report);
  else {
    console.log(verdicts[report.status]);
    for (const { where, why } of report.problems) console.log(`  ${where}: ${why}`);
    for (const remark of report.remarks) console.log(`  ${remark}`);
    const { facts } = report;
    if (facts !== null) console.log(`${facts.drill} · ${facts.runbook.title} · ${facts.mode} · ${facts.events} events, ${facts.state} · result ${facts.result ?? "none yet"}\nhead ${facts.head} · signer ${facts.signer ?? "unreadable"}\n${facts.bytes} bytes · ${facts.checkpoint === null ? (report.status === "broken" ? "no checkpoint proved" : "no checkpoint") : `checkpoint of ${facts.checkpoint.time}, ${facts.checkpoint.size} entries, covers event ${facts.checkpoint.event}, signed by ${facts.checkpoint.signer}`}`);
  }
  return verifyExitCode(report);
}

/** The bundle on disk, read where it is needed. Throws `not-found`. */
function openBundle(file: string): ByteSource & { close(): void } {
  const descriptor = opened(file);
  return {
    size: fstatSync(descriptor).size,
    at(offset, length) {
      const bytes = Buffer.alloc(length);
      for (let done = 0; done < length; ) {
        const read = readSync(descriptor, bytes, done, length - done, offset + done);
        if (read === 0) return bytes.subarray(0, done);
        done += read;
      }
      return bytes;
    },
    close: () => closeSync(descriptor),
  };
}

function opened(file: string): number {
  try {
    return openSync(file, "r");
  } catch (cause) {
    throw new DrillbookError("not-found", `${file} cannot be read.`, "Check the path.", { cause });
  }
}

const verdicts = {
  intact: "Intact, and signed by a key that you know.",
  broken: "BROKEN: this is not what was signed.",
  erased: "Intact, and signed by a key that you know. Records of people were erased, and the events say so.",
  "unknown-signer": "Consistent, but the signer is unknown: give the key that you trust with --key.",
} as const;
