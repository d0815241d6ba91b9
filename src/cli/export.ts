import { writeFileSync } from "node:fs";
import { shippedScripts } from "../composition.ts";
import { readConfig } from "../config.ts";
import { DrillbookError } from "../errors.ts";
import { exportBundle } from "../evidence/export.ts";
import { openEvidenceKeeping } from "../evidence-keeping.ts";
import { openStore } from "../storage/open.ts";
import { parsed } from "./options.ts";
import { print } from "./output.ts";

/** Writes the evidence of one drill to a file. Throws `bad-input`, and what `exportBundle` throws. */
export async function exportDrill(args: readonly string[]): Promise<number> {
  const { values, positionals } = parsed(args, { out: { type: "string" }, json: { type: "boolean" } });
  const [drill] = positionals;
  const out = values["out"];
  if (drill === undefined || typeof out !== "string") throw new DrillbookError("bad-input", "export needs a drill and a file.", "For example: drillbook export PAY-0001 --out PAY-0001.zip");
  const config = readConfig(process.env);
  const store = await openStore(config, { readOnly: true });
  try {
    const { keyFor, anchors } = await openEvidenceKeeping(config, () => new Date());
    writeFileSync(out, await exportBundle(store, drill.toUpperCase(), keyFor, { anchors, shipped: shippedScripts() }));
    const summary = (await store.list()).find((d) => d.id === drill.toUpperCase());
    const key = keyFor(summary?.mode === "rehearsal");
    if (values["json"] === true) print({ drill: drill.toUpperCase(), bundle: out, publicKey: key.publicFile, fingerprint: key.fingerprint });
    else console.log(`Bundle: ${out}\nKey:    ${key.publicFile} (${key.kind} ${key.fingerprint.slice(0, 16)})\nVerify: drillbook verify ${out} --key ${key.publicFile}`);
    return 0;
  } finally {
    await store.close();
  }
}
