import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { userInfo } from "node:os";
import { parseArgs } from "node:util";
import { addressesOf, catalogueWith, knownScripts, viewsWith } from "./composition.ts";
import { probe } from "./checks/http/probe-command.ts";
import { readConfig, type Config } from "./config.ts";
import { stopwatch } from "./dialogs/words.ts";
import type { DrillState } from "./drills/state.ts";
import { asDrillbookError, DrillbookError } from "./errors.ts";
import { exportBundle } from "./evidence/export.ts";
import { openLocalKey } from "./evidence/keys.ts";
import type { LogName } from "./evidence/log/ports.ts";
import { acknowledgeRestore } from "./evidence/log/restored.ts";
import { checkpointSigner } from "./evidence/log/signer.ts";
import { verifyBundle, verifyExitCode } from "./evidence/verify.ts";
import { asJson, asSarif, asText } from "./runbooks/lint-report.ts";
import { lint } from "./runbooks/lint.ts";
import type { Diagnostic } from "./runbooks/runbook.ts";
import { UncompiledRunbook } from "./runbooks/uncompiled-runbook.ts";
import { openSqliteStore } from "./storage/sqlite/open.ts";
import { createLog } from "./telemetry.ts";

const usage = `drillbook <command>

  start                                  start the bot; without credentials, with a local console
  lint <files or folders...>             say what is wrong with runbooks        [--json | --sarif]
  rehearse <runbook.md>                  run it unattended on simulated Azure   [--param name=value ...]
                                         [--answers file.yaml] [--out folder] [--json]
  probe <urls...> --as <profile>         ask as a load balancer asks, from here  [--host name ...] [--json]
                                         (drillbook probe --help lists the rest; exit 0 healthy, 1 not, 2 not asked)
  export <drill> --out bundle.zip        write the evidence of a drill
  verify <bundle.zip> [--key file]       check evidence                         [--json]
  backup <file>                          copy the store while the bot runs
  acknowledge-restore --reason text      let a store go on that was restored from an older backup
  simulate                               a simulated Azure Resource Manager     [--port n] [--pace n]
                                         [--scenario name] [--state file]

Settings are environment variables: see docs/settings.md.`;

// What a command alone needs is loaded when it runs: a check of a bundle must not wait for the SDKs of Azure and Teams.

type Command = (args: readonly string[]) => Promise<number>;

const commands: Readonly<Record<string, Command>> = { start: startBot, lint: lintFiles, rehearse: rehearseFile, probe: probeUrls, export: exportDrill, backup: backUpStore, verify: verifyFile, "acknowledge-restore": acknowledge, simulate: simulateAzure };

async function main(args: readonly string[]): Promise<number> {
  const [name = "", ...rest] = args;
  if (name === "" || name === "help" || name === "--help" || name === "-h") {
    console.log(usage);
    return name === "" ? 2 : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    console.error(`drillbook knows no command "${name}".\n\n${usage}`);
    return 2;
  }
  return command(rest);
}

async function startBot(): Promise<number> {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel, config.bot?.appType === "SingleTenant" ? [config.bot.password] : []);
  const { start } = await import("./main.ts");
  const running = await start({ config, log, onLinkUsed: (next) => console.log(`\nThat link has been used. For another browser: ${next}`) });
  console.log(welcome(config, running.server.port, running.link));
  return stopped(() => running.stop());
}

/** Waits for whoever started us to ask for an end. */
function stopped(stop: () => Promise<void>): Promise<number> {
  return new Promise((resolve) => {
    const end = (): void => void stop().then(() => resolve(0));
    process.once("SIGINT", end);
    process.once("SIGTERM", end);
  });
}

function welcome(config: Config, port: number, link: string | null): string {
  if (link === null) return `Drillbook listens on port ${port} for Teams: point the bot's messaging endpoint at https://<your host>/api/messages.`;
  return [
    "Drillbook is ready. Open this address in a browser on this machine:",
    "",
    `  ${link}`,
    "",
    `It runs on embedded defaults: a SQLite file in ${config.data}, a simulated Azure, and rehearsal people.`,
    "To connect real Teams and Azure, see docs/operations.md.",
  ].join("\n");
}

async function lintFiles(args: readonly string[]): Promise<number> {
  const { values, positionals } = parsed(args, { json: { type: "boolean" }, sarif: { type: "boolean" } });
  if (positionals.length === 0) throw new DrillbookError("bad-input", "lint needs a file or a folder.", "For example: drillbook lint runbooks");
  const report = await lint(positionals, catalogueWith(viewsWith(readConfig(process.env).profiles)));
  if (values["sarif"] === true) print(asSarif(report, version()));
  else if (values["json"] === true) print(asJson(report));
  else console.log(asText(report));
  return report.diagnostics.some((d) => d.severity === "error") ? 1 : 0;
}

async function rehearseFile(args: readonly string[]): Promise<number> {
  const { values, positionals } = parsed(args, {
    param: { type: "string", multiple: true },
    answers: { type: "string" },
    out: { type: "string" },
    json: { type: "boolean" },
  });
  const [file] = positionals;
  if (file === undefined) throw new DrillbookError("bad-input", "rehearse needs a runbook.", "For example: drillbook rehearse runbooks/payroll-test-failover.md");
  const config = readConfig(process.env);
  const { readAnswers, rehearse } = await import("./rehearsal.ts");
  const answers = typeof values["answers"] === "string" ? readAnswers(values["answers"]) : { params: {}, steps: {} };
  const quiet = values["json"] === true;
  const tell = progressTeller();
  const end = await rehearse({
    file,
    params: { ...answers.params, ...pairs(values["param"]) },
    answers: answers.steps,
    out: typeof values["out"] === "string" ? values["out"] : "rehearsals",
    keys: config.data,
    people: config.people,
    profiles: config.profiles,
    onProgress: (state) => (quiet ? undefined : tell(state)),
  });
  const { state, bundle, publicKey } = end;
  if (quiet) print({ drill: state.id, result: state.result, bundle, publicKey, findings: state.findings.length, mode: state.mode, steps: state.steps.map((s) => ({ id: s.step.id, status: s.status })) });
  else console.log(`\n${state.id} ${state.result}. Rehearsed on simulated Azure: this counts as no test.\nBundle: ${bundle}\nKey:    ${publicKey}\nVerify: drillbook verify ${bundle} --key ${publicKey}`);
  return state.result === "passed" || state.result === "passed-with-findings" ? 0 : 1;
}

async function probeUrls(args: readonly string[]): Promise<number> {
  const views = viewsWith(readConfig(process.env).profiles);
  const { say, note, code } = await probe(args, { views, resolve: addressesOf, clock: () => new Date() });
  if (note !== "") console.error(note);
  console.log(say);
  return code;
}

/** Prints a step once when it comes into a new status. */
function progressTeller(): (state: DrillState) => void {
  const told = new Map<string, string>();
  return (state) => {
    for (const { step, status, round, observation, openedAt, closedAt, blocked } of state.steps) {
      const key = `${status}#${round}`;
      if (status === "pending" || status === "open" || told.get(step.id) === key) continue;
      told.set(step.id, key);
      const time = openedAt === null ? "" : stopwatch(Date.parse(closedAt ?? new Date().toISOString()) - Date.parse(openedAt));
      console.log(`${status.padEnd(9)} ${time.padStart(5)}  ${step.title}`);
      const why = status === "failing" ? [blocked?.message ?? observation?.summary ?? "", ...(observation?.diagnosis ?? [])] : [];
      for (const line of why.filter((w) => w !== "")) console.log(`                 ${line}`);
    }
    if (state.cleanup !== null && !told.has("cleanup")) {
      told.set("cleanup", "");
      console.log("cleanup          Taking back what was started");
    }
  };
}

async function exportDrill(args: readonly string[]): Promise<number> {
  const { values, positionals } = parsed(args, { out: { type: "string" }, json: { type: "boolean" } });
  const [drill] = positionals;
  const out = values["out"];
  if (drill === undefined || typeof out !== "string") throw new DrillbookError("bad-input", "export needs a drill and a file.", "For example: drillbook export PAY-0001 --out PAY-0001.zip");
  const config = readConfig(process.env);
  const file = join(config.data, "drillbook.db");
  if (!existsSync(file)) throw new DrillbookError("not-found", `There is no store at ${file}.`, "Set DRILLBOOK_DATA to the folder that the bot uses.");
  const store = openSqliteStore(file, { readOnly: true });
  try {
    const keyFor = (rehearsal: boolean) => openLocalKey(config.data, { rehearsal });
    writeFileSync(out, await exportBundle(store, drill.toUpperCase(), keyFor));
    const summary = (await store.list()).find((d) => d.id === drill.toUpperCase());
    const key = keyFor(summary?.mode === "rehearsal");
    if (values["json"] === true) print({ drill: drill.toUpperCase(), bundle: out, publicKey: key.publicFile, fingerprint: key.fingerprint });
    else console.log(`Bundle: ${out}\nKey:    ${key.publicFile} (local key ${key.fingerprint.slice(0, 16)})\nVerify: drillbook verify ${out} --key ${key.publicFile}`);
    return 0;
  } finally {
    store.close();
  }
}

async function backUpStore(args: readonly string[]): Promise<number> {
  const [target] = parsed(args, {}).positionals;
  if (target === undefined) throw new DrillbookError("bad-input", "backup needs a file to write.", "For example: drillbook backup /backups/drillbook-monday.db");
  const store = openSqliteStore(join(readConfig(process.env).data, "drillbook.db"), { readOnly: true });
  try {
    await store.backup(target);
  } finally {
    store.close();
  }
  console.log(`${target}: every drill as of now. The keys beside the store are not in it: keep copies of them elsewhere.`);
  return 0;
}

async function acknowledge(args: readonly string[]): Promise<number> {
  const reason = parsed(args, { reason: { type: "string" } }).values["reason"];
  if (typeof reason !== "string" || reason.trim() === "") throw new DrillbookError("bad-input", "acknowledge-restore needs a reason.", 'For example: drillbook acknowledge-restore --reason "disk lost, restored from Friday"');
  const { data } = readConfig(process.env);
  const clock = (): Date => new Date();
  const store = openSqliteStore(join(data, "drillbook.db"), { clock });
  try {
    const signer = (log: LogName) => checkpointSigner(data, log, () => openLocalKey(data, { rehearsal: log === "rehearsal" }));
    const restarted = await acknowledgeRestore(store.log, signer, { by: userInfo().username, reason }, clock);
    console.log(restarted.length === 0 ? "Every log goes on from its last checkpoint: there is nothing to acknowledge." : `Acknowledged. These logs begin anew, and every later checkpoint says so: ${restarted.join(", ")}.`);
    return 0;
  } finally {
    store.close();
  }
}

async function verifyFile(args: readonly string[]): Promise<number> {
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

async function simulateAzure(args: readonly string[]): Promise<number> {
  const { values } = parsed(args, { port: { type: "string" }, pace: { type: "string" }, scenario: { type: "string" }, state: { type: "string" } });
  const number = (name: string, usual: number): number => {
    const given = values[name];
    const value = given === undefined ? usual : Number(given);
    if (!Number.isFinite(value) || value < 0) throw new DrillbookError("bad-input", `--${name} is not a number.`, `For example: --${name} ${usual}`);
    return value;
  };
  const { serveSimulator } = await import("./simulator/serve.ts");
  const simulator = await serveSimulator({
    estate: "payroll",
    scenario: typeof values["scenario"] === "string" ? values["scenario"] : "calm",
    pace: number("pace", 10),
    port: number("port", 0),
    stateFile: typeof values["state"] === "string" ? values["state"] : null,
    seed: null,
    knownScripts: knownScripts(),
  });
  console.log(`A simulated Azure Resource Manager listens at ${simulator.url} (subscription ${simulator.subscription}).`);
  return stopped(() => simulator.close());
}

const verdicts = {
  intact: "Intact, and signed by a key that you know.",
  broken: "BROKEN: this is not what was signed.",
  "unknown-signer": "Consistent, but the signer is unknown: give the key that you trust with --key.",
} as const;

function parsed(args: readonly string[], options: NonNullable<Parameters<typeof parseArgs>[0]>["options"] & object) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (cause) {
    throw new DrillbookError("bad-input", cause instanceof Error ? cause.message : "Those options do not fit.", "drillbook help shows what there is.", { cause });
  }
}

function pairs(given: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (Array.isArray(given) ? given : []).map((pair) => {
      const at = String(pair).indexOf("=");
      if (at < 1) throw new DrillbookError("bad-input", `"${String(pair)}" is not name=value.`, "For example: --param plan=rp-payroll");
      return [String(pair).slice(0, at), String(pair).slice(at + 1)];
    }),
  );
}

function contents(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new DrillbookError("not-found", `${file} cannot be read.`, "Check the path.", { cause });
  }
}

function version(): string {
  const about: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return typeof about === "object" && about !== null && "version" in about ? String(about.version) : "";
}

function print(data: object | null | string | number | boolean): void {
  console.log(JSON.stringify(data, null, 2));
}

function told(diagnostics: readonly Diagnostic[]): string {
  return asText({ files: [...new Set(diagnostics.map((d) => d.file))], diagnostics });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (thrown) {
  const error = asDrillbookError(thrown);
  console.error(`${error.message} ${error.suggestion}`.trim());
  if (thrown instanceof UncompiledRunbook) console.error(told(thrown.diagnostics));
  if (error.code === "internal" && thrown instanceof Error) console.error(thrown.stack);
  process.exitCode = 2;
}
