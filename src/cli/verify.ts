import { DrillbookError } from "../errors.ts";
import { verifyBundle, verifyExitCode } from "../evidence/verify.ts";
import { contents, parsed } from "./options.ts";
import { print } from "./output.ts";

/** Checks a bundle against keys that are already trusted. */
export async function verifyFile(args: readonly string[]): Promise<number> {
  const { values, positionals } = parsed(args, { key: { type: "string", multiple: true }, json: { type: "boolean" } });
  const [file] = positionals;
  if (file === undefined) throw new DrillbookError("bad-input", "verify needs a bundle.", "For example: drillbook verify PAY-0001.zip --key .drillbook/rehearsal.pub");
  const keys = (Array.isArray(values["key"]) ? values["key"] : []).map((k) => contents(String(k)).toString("utf8"));
  const report = verifyBundle(contents(file), { knownKeys: keys });
  if (values["json"] === true) print(report);
  else {
    console.log(verdicts[report.status]);
    for (const { where, why } of report.problems) console.log(`  ${where}: ${why}`);
    for (const remark of report.remarks) console.log(`  ${remark}`);
    const { facts } = report;
    if (facts !== null) console.log(`${facts.drill} · ${facts.runbook.title} · ${facts.mode} · ${facts.events} events, ${facts.state} · result ${facts.result ?? "none yet"}\nhead ${facts.head} · signer ${facts.signer ?? "unreadable"}\n${facts.bytes} bytes · ${facts.checkpoint === null ? "no checkpoint" : `checkpoint of ${facts.checkpoint.time}, ${facts.checkpoint.size} entries, covers event ${facts.checkpoint.event}, signed by ${facts.checkpoint.signer}`}`);
  }
  return verifyExitCode(report);
}

const verdicts = {
  intact: "Intact, and signed by a key that you know.",
  broken: "BROKEN: this is not what was signed.",
  "unknown-signer": "Consistent, but the signer is unknown: give the key that you trust with --key.",
} as const;
