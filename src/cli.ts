import { asDrillbookError } from "./errors.ts";
import { told } from "./cli/output.ts";
import { UncompiledRunbook } from "./runbooks/uncompiled-runbook.ts";

const usage = `drillbook <command>

  start                                  start the bot; without credentials, with a local console
  lint <files or folders...>             say what is wrong with runbooks        [--json | --sarif]
  new <runbook.md>                       write a starter, to be changed step by step
  preview <file or folder> --out <dir>   draw every card and the flow as pages for a browser
  rehearse <runbook.md>                  run it unattended on simulated Azure   [--param name=value ...]
                                         [--answers file.yaml] [--out folder] [--json]
                                         [--scenario name or file] [--seed text]
  probe <urls...> --as <profile>         ask as a load balancer asks, from here  [--host name ...] [--json]
                                         (drillbook probe --help lists the rest; exit 0 healthy, 1 not, 2 not asked)
  export <drill> --out bundle.zip        write the evidence of a drill
  verify <bundle.zip> [--key file]       check evidence                         [--json]
                                         [--earlier bundle or checkpoint]  and that it goes on from what was kept
                                         [--card text]          and that it is what the drill's final card says
                                         [--fingerprint hex]    and who signed it, without the key's file
  backup <file>                          copy the store while the bot runs
  restore <file>                         put a backup back while no bot runs; keeps the store that was there
  acknowledge-restore --reason text      let a store go on that was restored from an older backup
  erase-person <id> --reason text        erase a person from every drill; the drills say so and still verify
  erase-before <day> --reason text       erase people, texts, cards and files of drills that ended before
  hold <drill> --reason text             nothing of it is erased until: release <drill> --reason text
  qualify --vault id --item name         test failover, failover, commit and re-protection of one sacrificial
          --network id --confirm name    server, compared with the simulator; real failovers need it   [--json]
  coverage                               what was exercised for real, and when    [--csv | --json]
  simulate                               a simulated Azure Resource Manager     [--port n] [--pace n]
                                         [--scenario name or file] [--state file]

Settings are environment variables: see docs/settings.md.`;

/** A command gives its exit code. */
type Command = (args: readonly string[]) => Promise<number>;

// A command is loaded when it runs: a check of a bundle must not wait for the SDKs of Azure and Teams.
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import("./cli/start.ts")).startBot,
  lint: async () => (await import("./cli/lint.ts")).lintFiles,
  rehearse: async () => (await import("./cli/rehearse.ts")).rehearseFile,
  preview: async () => (await import("./cli/preview.ts")).previewFiles,
  new: async () => (await import("./cli/new.ts")).newRunbook,
  probe: async () => (await import("./cli/probe.ts")).probeUrls,
  export: async () => (await import("./cli/export.ts")).exportDrill,
  verify: async () => (await import("./cli/verify.ts")).verifyFile,
  backup: async () => (await import("./cli/backup.ts")).backUpStore,
  restore: async () => (await import("./cli/restore.ts")).restore,
  "acknowledge-restore": async () => (await import("./cli/acknowledge-restore.ts")).acknowledge,
  "erase-person": async () => (await import("./cli/personal-data.ts")).erasePersonEverywhere,
  "erase-before": async () => (await import("./cli/personal-data.ts")).eraseBefore,
  hold: async () => (await import("./cli/personal-data.ts")).holdDrill,
  release: async () => (await import("./cli/personal-data.ts")).releaseDrill,
  qualify: async () => (await import("./cli/qualify.ts")).qualifyServer,
  coverage: async () => (await import("./cli/coverage.ts")).showCoverage,
  simulate: async () => (await import("./cli/simulate.ts")).simulateAzure,
};

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
  // `probe` has too much to say for the common page.
  if (name !== "probe" && rest.some((arg) => arg === "--help" || arg === "-h")) {
    console.log(helpOn(name));
    return 0;
  }
  return (await command())(rest);
}

/** The lines of the common page that are about one command. */
function helpOn(name: string): string {
  const lines = usage.split("\n");
  const from = lines.findIndex((line) => line.startsWith(`  ${name}`) || line.includes(`: ${name} <`));
  const next = lines.findIndex((line, at) => at > from && !line.startsWith("   "));
  return lines.slice(from, next).join("\n");
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
