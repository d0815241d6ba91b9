import { parseArgs } from "node:util";
import type { Observation } from "../../drills/events.ts";
import type { Clock } from "../../drills/ports.ts";
import { DrillbookError } from "../../errors.ts";
import { isRecord } from "../../runbooks/json.ts";
import type { Json } from "../../runbooks/runbook.ts";
import { httpCheck } from "./check.ts";
import type { Resolve } from "./from-bot.ts";
import type { Views } from "./views.ts";

const help = `drillbook probe <urls...> --as <profile> [options]

Asks each URL exactly as that system's health check asks, and beside it as the others would, from this machine and at once.

  --as <profile>          who asks; again for more columns. --profiles lists them
  --host <name>           the site's name; again for several names on one address and port
  --connect-to <address>  ask this address for the URL's name; again for every node
  --httpchk <line>        a line of HAProxy's own configuration; again for more
  --method, --path, --http 1.0|1.1, --header 'Name: value', --body, --sni host|none|<name>, --ip 4|6
  --expect-status <codes>, --contains <text>, --lacks <text>, --matches <RE2 pattern>, --within <ms>
  --certificate-days <n>, --certificate-name <name>, --trusted
  --follow <n>, --redirect <url>          follow redirects; what the first must lead to
  --tries <n> --need <n> --every <1s>     several times, so that what flaps is not green
  --must-fail                             a control: healthy when it fails
  --only                                  leave out what is compared with
  --timeout <5s>, --bytes (show what was sent and received), --json

Exit 0: healthy. 1: not. 2: could not be asked.`;

const options = {
  as: { type: "string", multiple: true },
  host: { type: "string", multiple: true },
  "connect-to": { type: "string", multiple: true },
  httpchk: { type: "string", multiple: true },
  header: { type: "string", multiple: true },
  method: { type: "string" }, path: { type: "string" }, http: { type: "string" }, body: { type: "string" }, sni: { type: "string" }, ip: { type: "string" },
  "expect-status": { type: "string" }, contains: { type: "string" }, lacks: { type: "string" }, matches: { type: "string" }, within: { type: "string" },
  "certificate-days": { type: "string" }, "certificate-name": { type: "string" }, trusted: { type: "boolean" },
  follow: { type: "string" }, redirect: { type: "string" }, tries: { type: "string" }, need: { type: "string" }, every: { type: "string" },
  "must-fail": { type: "boolean" }, only: { type: "boolean" }, timeout: { type: "string" },
  bytes: { type: "boolean" }, json: { type: "boolean" }, profiles: { type: "boolean" }, help: { type: "boolean" },
} as const;

export type ProbeEnd = { readonly say: string; readonly note: string; readonly code: 0 | 1 | 2 };
export type ProbeParts = { readonly views: Views; readonly resolve: Resolve; readonly clock: Clock };

const codes = { passed: 0, failed: 1, "not-proved": 2 } as const;

/**
 * The command `drillbook probe`: the check `http` from a person's own machine, without a drill. Throws `bad-input` for
 * options that do not fit together.
 */
export async function probe(args: readonly string[], parts: ProbeParts): Promise<ProbeEnd> {
  const { values, positionals } = read(args);
  if (values.help === true) return { say: help, note: "", code: 0 };
  if (values.profiles === true) return { say: listed(parts.views), note: "", code: 0 };
  if (positionals.length === 0) throw new DrillbookError("bad-input", "probe needs a URL.", "For example: drillbook probe http://10.50.0.11/ --as kemp-loadmaster --host payroll.contoso.example");
  const check = httpCheck({ scripts: { run: () => Promise.reject(new TypeError("A probe runs no script.")) }, resolve: parts.resolve, allowPrivate: true, own: true, concurrency: 32, views: parts.views, clock: parts.clock });
  const stop = AbortSignal.timeout(3_600_000);
  const seen = await check.observe(inputOf(values, positionals), { signal: stop, record: () => undefined, testServers: [] });
  const note = "Asked from this machine as you: private and loopback addresses are allowed here, link-local, metadata and platform addresses are not; no proxy is used.";
  return values.json === true
    ? { say: JSON.stringify({ verdict: seen.verdict, summary: seen.summary, diagnosis: seen.diagnosis, result: seen.result }, null, 2), note: "", code: codes[seen.verdict] }
    : { say: asText(seen, values.bytes === true), note, code: codes[seen.verdict] };
}

type Values = ReturnType<typeof read>["values"];

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (cause) {
    throw new DrillbookError("bad-input", cause instanceof Error ? cause.message : "Those options do not fit.", "drillbook probe --help lists them.", { cause });
  }
}

/** The options as the block of a check; its schema then says what does not fit. */
function inputOf(values: Values, targets: readonly string[]): Json {
  const number = (text: string | undefined) => (text === undefined ? undefined : /^\d{1,9}$/.test(text) ? Number(text) : text);
  const certificate = present({ days: number(values["certificate-days"]), name: values["certificate-name"], trusted: values.trusted });
  const expect = present({
    status: values["expect-status"],
    contains: values.contains,
    lacks: values.lacks,
    matches: values.matches,
    withinMs: number(values.within),
    redirect: values.redirect,
    certificate: Object.keys(certificate).length > 0 ? certificate : undefined,
  });
  return present({
    as: values.as ?? ["browser"],
    from: "bot",
    targets,
    host: values.host,
    connectTo: values["connect-to"],
    httpchk: values.httpchk?.join("\n"),
    method: values.method,
    path: values.path,
    version: values.http,
    headers: values.header && Object.fromEntries(values.header.map(headerOf)),
    body: values.body,
    sni: values.sni,
    ip: number(values.ip),
    expect: Object.keys(expect).length > 0 ? expect : undefined,
    follow: number(values.follow),
    window: values.tries === undefined ? undefined : present({ tries: number(values.tries), need: number(values.need ?? values.tries), every: values.every ?? "1s" }),
    mustFail: values["must-fail"],
    compare: values.only === true ? [] : undefined,
    timeout: values.timeout,
  });
}

function present(given: Readonly<Record<string, Json | undefined>>): { readonly [key: string]: Json } {
  return Object.fromEntries(Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])));
}

function headerOf(text: string): readonly [string, string] {
  const colon = text.indexOf(":");
  if (colon < 1) throw new DrillbookError("bad-input", `"${text}" is not a header.`, "For example: --header 'X-Probe: drillbook'");
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}

function listed({ profiles }: Views): string {
  return profiles
    .map((profile) => [profile.name, ...profile.forms.map((form) => `  ${profile.forms.length > 1 ? `${profile.name}-${form.name}` : profile.name}: ${form.method}, ${form.asks}`), ...profile.facts.map(({ fact, source, certainty }) => `  ${certainty}: ${fact} (${source})`)].join("\n"))
    .join("\n\n");
}

function asText(seen: Observation, bytes: boolean): string {
  const rows = isRecord(seen.result) && Array.isArray(seen.result["rows"]) ? (seen.result["rows"] as readonly Json[]).filter(isRecord) : [];
  const cells = rows.map((row) => [
    row["decides"] === true ? "*" : " ",
    said(row["target"]),
    said(row["host"]) || "-",
    said(row["label"]),
    said(row["unmet"]) !== "" ? "unmet" : said(row["verdict"]),
    said(row["unmet"]) || said(row["reason"]),
    isRecord(row["timings"]) ? `${said(row["timings"]["totalMs"])} ms` : "",
  ]);
  const widths = [0, 1, 2, 3, 4].map((at) => Math.max(0, ...cells.map((cell) => cell[at]?.length ?? 0)));
  const lines = cells.flatMap((cell, at) => {
    const line = cell.map((text, column) => text.padEnd(widths[column] ?? 0)).join("  ").trimEnd();
    const beside = besides(rows[at] ?? {}).map((text) => `    ${text}`);
    return bytes ? [line, ...beside, indented(">", said(rows[at]?.["sent"])), indented("<", said(rows[at]?.["received"]))] : [line, ...beside];
  });
  return [`${sayVerdict[seen.verdict]}: ${seen.summary}`, "", ...lines, ...(seen.diagnosis.length > 0 ? ["", ...seen.diagnosis] : [])].join("\n");
}

/** What a line has no room for: the certificate, the hops, and how the tries went. */
function besides(row: { readonly [key: string]: Json }): readonly string[] {
  const { certificate, hops, end, tries } = row;
  const records = (list: Json | undefined) => (Array.isArray(list) ? (list as readonly Json[]).filter(isRecord) : []);
  const names = certificate !== undefined && isRecord(certificate) && Array.isArray(certificate["names"]) ? certificate["names"].map((name: Json) => said(name)).join(", ") : "";
  return [
    ...(certificate !== undefined && isRecord(certificate) ? [`certificate: ${names || said(certificate["subject"])}, ${said(certificate["daysLeft"])} days left, ${certificate["trusted"] === true ? "trusted here" : `not trusted here (${said(certificate["distrust"])})`}, ${said(certificate["protocol"])}`] : []),
    ...records(hops).map((hop) => `hop: ${said(hop["url"])}, Host ${said(hop["host"]) || "none"}: ${said(hop["reason"])}`),
    ...(typeof end === "string" ? [`redirects: ${end}`] : []),
    ...(records(tries).length > 0 ? [`tries: ${records(tries).map((one) => said(one["verdict"])).join(", ")}`] : []),
  ];
}

const sayVerdict = { passed: "Healthy", failed: "Not healthy", "not-proved": "Not proved" } as const;

function indented(mark: string, text: string): string {
  return text === "" ? `    ${mark}` : text.trimEnd().split(/\r?\n/).map((line) => `    ${mark} ${line}`).join("\n");
}

function said(value: Json | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
