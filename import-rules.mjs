/**
 * What each part of src/ may import, and why. Whatever is not said is refused, also for a folder that has no row yet.
 * `imports`: folders and files of src it may use. `types`: those of which it may know types alone. `builtins`: the
 * modules of Node it may use; null stands for all of them except node:sqlite.
 * @typedef {{ part: string, imports: string[], types?: string[], builtins: string[] | null, why: string }} Part
 */

const pure = ["crypto"];
const base = ["errors.ts"];
const log = ["telemetry.ts", "tracing.ts", "redaction.ts", "secret.ts"];
const everything = [".*"];

/** @type {readonly Part[]} */
export const parts = [
  { part: "errors.ts", imports: [], builtins: [], why: "Everybody throws it." },
  { part: "secret.ts", imports: [], builtins: ["util"], why: "A value that cannot be shown by accident." },
  { part: "redaction.ts", imports: ["secret.ts"], builtins: [], why: "Strikes secrets out of any text." },
  { part: "telemetry.ts", imports: ["redaction.ts", "secret.ts"], builtins: [], why: "The one logger; the only importer of pino." },
  { part: "tracing.ts", imports: [], builtins: [], why: "Traces and metrics; the only importer of OpenTelemetry." },
  { part: "settings.ts", imports: ["secret.ts"], builtins: [], why: "The table of settings, as data." },
  {
    part: "config.ts",
    imports: [...base, "secret.ts", "settings.ts", "people", "runbooks/nearest.ts", "runbooks/resources-file.ts", "runbooks/resources.ts"],
    builtins: ["fs"],
    why: "From environment and people file to a frozen Config; nothing else reads the environment.",
  },
  { part: "texts", imports: [], types: ["runbooks"], builtins: [], why: "Every sentence that people read in the chat and on cards: an editor or a translator opens this folder alone." },
  { part: "runbooks", imports: base, builtins: [...pure, "fs", "fs/promises", "path"], why: "Knows the words of a runbook and nothing of what runs it." },
  { part: "drills", imports: [...base, "runbooks", "texts"], builtins: pure, why: "Decides: knows neither Azure nor Teams nor SQL, and does nothing itself." },
  { part: "people", imports: [...base, "drills", "texts"], builtins: [], why: "Who may do what, one answer for every door." },
  { part: "wakeups", imports: base, types: ["drills", "runbooks"], builtins: [], why: "Which drills are to be looked at, when, and by whom." },
  { part: "coverage", imports: [...base, "runbooks", "wakeups"], types: ["drills", "checks"], builtins: [], why: "What was exercised for real, from histories, the estate and the dates of schedules; pure but for what it reads." },
  { part: "checks", imports: [...base, "runbooks", "drills"], builtins: null, why: "Observes; speaks to the world through its ports and plain sockets." },
  { part: "actions", imports: [...base, "runbooks", "drills"], types: ["checks"], builtins: [], why: "Changes the world through its ports; reads what checks read." },
  { part: "evidence", imports: [...base, "runbooks", "drills", "texts/words.ts"], builtins: null, why: "Records; a verifier must need nothing of what it verifies. Of the texts only how numbers and lists read." },
  {
    part: "dialogs",
    imports: [...base, "runbooks", "drills", "evidence", "texts"],
    types: ["coverage"],
    builtins: [],
    why: "Shows a step and reads an answer; pure, so that every card can be tested as data.",
  },
  { part: "preview", imports: [...base, "runbooks", "drills", "dialogs"], builtins: pure, why: "A runbook as a page before anybody launches it; pure, what draws cards comes in as text." },
  {
    part: "bot",
    imports: [...base, ...log, "runbooks", "drills", "evidence", "people", "dialogs", "texts"],
    types: ["coverage", "wakeups"],
    builtins: null,
    why: "Teams; the only importer of botbuilder, which has no support any more.",
  },
  {
    part: "web",
    imports: [...base, ...log, "runbooks", "drills", "evidence", "texts/words.ts"],
    types: ["bot"],
    builtins: null,
    why: "The console and the auditor's pages; stands beside the bot and hands it what arrives.",
  },
  {
    part: "storage",
    imports: [...base, ...log, "runbooks", "drills", "evidence", "wakeups"],
    types: ["bot", "web"],
    builtins: null,
    why: "Implements the stores that others own; the only importer of node:sqlite.",
  },
  {
    part: "azure",
    imports: [...base, "runbooks", "drills", "checks", "actions"],
    builtins: null,
    why: "Implements the ports of checks and actions; the only importer of @azure/*.",
  },
  {
    part: "simulator",
    imports: [...base, "runbooks", "drills", "checks"],
    builtins: null,
    why: "A local Azure; the real SDK must reach it over HTTP, so it shares no code with src/azure.",
  },
  { part: "checkout", imports: ["runbooks"], builtins: [...pure, "child_process"], why: "Asks Git who committed a runbook." },
  { part: "compiling", imports: ["runbooks"], types: ["people"], builtins: ["child_process", "module", "worker_threads"], why: "A process of its own for untrusted bytes." },
  { part: "compile-child.ts", imports: ["compiling", "composition.ts", "runbooks"], builtins: ["module"], why: "What that process runs: it composes the catalogue." },
  { part: "evidence-keeping.ts", imports: everything, builtins: null, why: "Composes who signs the evidence and where it is anchored." },
  { part: "composition.ts", imports: everything, builtins: null, why: "What every start puts together in the same way." },
  { part: "rehearsal.ts", imports: everything, builtins: null, why: "Composes an unattended rehearsal." },
  { part: "cli.ts", imports: ["cli", "errors.ts", "runbooks/uncompiled-runbook.ts"], builtins: [], why: "Which commands there are, and how a failure is told." },
  { part: "cli", imports: everything, builtins: null, why: "One file a command: composes what it needs." },
  { part: "running-log.ts", imports: ["evidence-keeping.ts", "evidence"], types: ["drills", "storage"], builtins: [], why: "Composes the writer of the evidence log." },
  { part: "launch-parts.ts", imports: [...base, "composition.ts", "evidence", "people", "runbooks"], types: ["bot", "config.ts", "drills", "storage"], builtins: [], why: "Composes what a launch asks of runbooks, people and Azure." },
  { part: "auditor-parts.ts", imports: ["composition.ts", "evidence-keeping.ts", "evidence", "web"], types: ["drills", "running-log.ts", "storage"], builtins: ["path"], why: "Composes what the auditor's pages give out." },
  { part: "ways-in.ts", imports: ["bot", "config.ts", "people", "storage", "web", "azure"], types: ["drills", "telemetry.ts"], builtins: null, why: "Whichever door people come through: the console or Teams, and who the directory says they are." },
  { part: "main.ts", imports: everything, builtins: null, why: "The composition root." },
];

/** The parts that put the others together; they alone may import what implements a port, and nobody imports them. */
export const compositions = ["evidence-keeping.ts", "running-log.ts", "launch-parts.ts", "auditor-parts.ts", "ways-in.ts", "main.ts", "cli.ts", "cli", "compile-child.ts", "rehearsal.ts", "composition.ts"];
export const implementations = ["storage", "azure", "simulator"];

/** Every package that src/ may import, by whom, and why. @type {readonly { name: string, by: string[], why: string }[]} */
export const packages = [
  { name: "@azure/[^/]+", by: ["azure"], why: "The SDKs change often; one folder feels it." },
  { name: "botbuilder", by: ["bot"], why: "Without support since December 2025: fenced in." },
  { name: "botframework-connector", by: ["bot"], why: "botbuilder's checks of tokens, of which it exports only some." },
  { name: "restify", by: ["web"], why: "The HTTP server." },
  { name: "adaptivecards", by: ["web"], why: "Draws cards in the console." },
  { name: "swiper", by: ["web"], why: "adaptivecards draws carousels with it." },
  { name: "pg", by: ["storage"], why: "PostgreSQL, for several replicas." },
  { name: "pg-boss", by: ["storage"], why: "Carries wake-ups between replicas." },
  { name: "@opentelemetry/[^/]+", by: ["tracing.ts"], why: "Names change between versions; one file feels it." },
  { name: "pino", by: ["telemetry.ts"], why: "One logger, with redaction." },
  { name: "markdown-it", by: ["runbooks"], why: "Runbooks are Markdown." },
  { name: "croner", by: ["evidence", "runbooks", "wakeups"], why: "When a schedule is due, and whether it ever is." },
  { name: "csv-parse", by: ["checks"], why: "What PowerShell prints of a server, read as CSV." },
  { name: "fast-xml-parser", by: ["checks"], why: "What DiskSPD measures is XML." },
  { name: "re2js", by: ["checks"], why: "Patterns from a runbook over answers from anywhere: linear time." },
  { name: "yaml", by: ["runbooks", "people", "rehearsal.ts"], why: "Blocks of a runbook, the people file, answers of a rehearsal." },
  { name: "canonicalize", by: ["evidence", "drills"], why: "RFC 8785: what is hashed and signed." },
  { name: "openid-client", by: ["web/auditor"], why: "Auditors sign in by OpenID Connect." },
  { name: "echarts", by: ["evidence"], why: "Draws the report's chart as SVG, without a browser." },
  { name: "zod", by: everything, why: "Whatever comes from outside is checked where it comes in." },
];
