import { isIP } from "node:net";
import { z } from "zod";
import { nearest } from "../../runbooks/nearest.ts";
import type { CheckFacts } from "../../runbooks/catalogue.ts";
import type { Json } from "../../runbooks/runbook.ts";
import { durationText } from "../../runbooks/duration-text.ts";
import { oneOrMore, vantage } from "../endpoint.ts";
import { runCommandPermissions } from "../permissions.ts";
import { needsBody } from "./answer-test.ts";
import { expectation } from "./expectation.ts";
import { refusal } from "./guard.ts";
import { haproxyForm } from "./haproxy-config.ts";
import { methods } from "./profile.ts";
import { headerName, headerValue, hostName, requestPath } from "./profile-schema.ts";
import { noticeMs } from "./notice.ts";
import { parseTarget } from "./target.ts";
import { builtInViews, findView } from "./views.ts";
import type { Views } from "./views.ts";

const target = z.string().superRefine((url, context) => {
  const parsed = parseTarget(url);
  if ("problem" in parsed) context.addIssue({ code: "custom", message: parsed.problem });
});

const address = z.string().refine((text) => isIP(text) !== 0 && !text.includes("%"), { error: "Write an IPv4 or IPv6 address." });

// What opens doors must not stand in a runbook, which is evidence and is shown to everybody.
const reserved = /^(?:host|authorization|proxy-authorization|cookie2?|content-length|transfer-encoding)$/i;

const ownHeaders = z.record(z.string(), headerValue).superRefine((headers, context) => {
  for (const name of Object.keys(headers)) {
    const message = !headerName.safeParse(name).success
      ? "This is no name of a header."
      : reserved.test(name)
        ? "This header cannot be given here: host: names the host, lengths are counted, and credentials must not stand in a runbook."
        : null;
    if (message !== null) context.addIssue({ code: "custom", path: [name], message });
  }
});

const fields = (names: readonly string[]) => {
  const viewName = z.string().refine((name) => names.includes(name), { error: ({ input: given }) => `There is no profile "${String(given).slice(0, 40)}".\n${meant(String(given), names)}Name one of: ${names.join(", ")}.` });
  return z.strictObject({
    as: z.preprocess(oneOrMore, z.array(viewName).min(1).max(8)),
    from: vantage,
    targets: z.preprocess(oneOrMore, z.array(target).min(1, { error: "Name at least one target URL." }).max(32)).optional(),
    /** A URL with {name} in it: one target for each test server of the drill. */
    testServers: z.string().refine((url) => url.includes("{name}") && !("problem" in parseTarget(url.replaceAll("{name}", "server"))), { error: "Write a URL with {name} in it, such as http://{name}/." }).optional(),
    /** Which of the drill's test servers; all of them unless said otherwise. */
    servers: z.preprocess(oneOrMore, z.array(z.string().min(1).max(64)).min(1).max(32)).optional(),
    host: z.preprocess(oneOrMore, z.array(hostName).min(1).max(8)).optional(),
    method: z.enum(methods, { error: "A check only reads: GET, HEAD or OPTIONS, or POST with a body." }).optional(),
    path: requestPath.optional(),
    version: z.preprocess((value) => (typeof value === "number" ? value.toFixed(1) : value), z.enum(["1.0", "1.1"], { error: 'Write "1.0" or "1.1".' })).optional(),
    headers: ownHeaders.optional(),
    body: z.string().min(1).max(2000).optional(),
    /** Server name in TLS: the Host's, none at all, or a name of its own. */
    sni: z.union([z.enum(["host", "none"]), hostName]).optional(),
    connectTo: z.preprocess(oneOrMore, z.array(address).min(1).max(32)).optional(),
    ip: z.union([z.literal(4), z.literal(6)], { error: "Write 4 or 6." }).optional(),
    httpchk: z.string().min(1).max(2000).optional(),
    expect: expectation.optional(),
    /** Redirects to follow; none unless asked. */
    follow: z.number().int().min(0).max(10).default(0),
    window: z.strictObject({ tries: z.number().int().min(2).max(60), need: z.number().int().min(1).max(60), every: durationText({ min: 1000, max: 300_000 }) }).optional(),
    mustFail: z.union([z.literal(true), z.literal("no-connection")], { error: "Write true, or no-connection." }).optional(),
    timeout: durationText({ min: 1000, max: 60_000 }).default("5s"),
    compare: z.preprocess(oneOrMore, z.array(viewName).max(8)).optional(),
    script: z.enum(["powershell", "posix"]).default("powershell"),
  });
};

export type HttpInput = z.infer<ReturnType<typeof fields>>;

/** Body of a `check http` block. Parsing is idempotent: what comes out may be parsed again. */
export function httpInputFor(views: Views): z.ZodType<HttpInput> {
  return fields(views.names).superRefine((input, context) => {
    for (const [path, message] of contradictions(input, views)) context.addIssue({ code: "custom", path: [...path], message });
  });
}

export const httpInput: z.ZodType<HttpInput> = httpInputFor(builtInViews);

type Contradiction = readonly [path: readonly (string | number)[], message: string];

/** What each field lets pass and all of them together do not. */
function contradictions(input: HttpInput, views: Views): readonly Contradiction[] {
  const first = input.as[0] ?? "";
  const view = findView(views, first, namesHost(input));
  const found: Contradiction[] = [];
  const complain = (path: readonly (string | number)[], message: string) => found.push([path, message]);

  if (input.targets === undefined && input.testServers === undefined) complain(["targets"], "Name at least one target URL, or testServers.");
  if (input.servers !== undefined && input.testServers === undefined) complain(["servers"], "These are test servers by name: write testServers: with a URL that has {name} in it.");
  if (!view && views.names.includes(first)) complain(["host"], `${first} sends a Host header: say which, for example host: payroll.contoso.example.`);
  const reads = input.expect && needsBody(input.expect);
  if (view && reads && (input.method ?? view.form.method) === "HEAD" && input.httpchk === undefined) {
    complain(["expect", "contains"], `${first} asks HEAD, which never brings a body: add method: GET.`);
  }
  if ((input.method === "POST") !== (input.body !== undefined)) complain([input.body === undefined ? "method" : "body"], "A body and method: POST go together; the path must change nothing.");
  if (input.connectTo && input.targets && input.targets.length > 1) complain(["connectTo"], "connectTo goes with one target: its name is asked at every address.");
  if (input.httpchk !== undefined) {
    const read = haproxyForm(input.httpchk);
    if ("problem" in read) complain(["httpchk"], read.problem);
    if (!first.startsWith("haproxy")) complain(["httpchk"], "These are HAProxy's lines: write as: haproxy.");
    if (input.method ?? input.path ?? input.version ?? input.headers ?? input.body) complain(["httpchk"], "These lines say method, path, version, headers and body: leave those out beside them.");
  }
  if (input.window && input.window.need > input.window.tries) complain(["window", "need"], "More are needed than are tried.");
  if (input.mustFail !== undefined && (input.expect ?? input.window)) complain(["mustFail"], "A check that must fail expects nothing else: leave expect and window out.");
  if (input.expect?.redirect !== undefined && input.mustFail !== undefined) complain(["mustFail"], "Leave the redirect out.");
  if (input.from !== "bot" && input.ip !== undefined && input.targets?.some(isName)) complain(["ip"], "From a test server write the address itself: its script asks the first one of a name.");
  return found;
}

/** Whether the check names a host: with host:, or by the name in the URL whose addresses connectTo lists. */
export function namesHost(input: Pick<HttpInput, "host" | "connectTo" | "targets">): boolean {
  return input.host !== undefined || (input.connectTo !== undefined && (input.targets ?? []).some(isName));
}

function isName(url: string): boolean {
  const parsed = parseTarget(url);
  return !("problem" in parsed) && isIP(parsed.address) === 0;
}

const summary = "Asks web servers as a load balancer or a browser does, from the bot or from a test server";
// The address of a test server stands on its network interface.
const permissions = [...runCommandPermissions, "Microsoft.Network/networkInterfaces/read"];

/** What the compiler knows of `check http`, with the profiles that there are. */
export function httpCheckFactsFor(views: Views): CheckFacts {
  const schema = httpInputFor(views);
  return { type: "http", summary, schema, permissions, lint: (input) => lintVantage(input, schema), noticeMs };
}

export const httpCheckFacts: CheckFacts = httpCheckFactsFor(builtInViews);

type LintFault = { readonly path: readonly (string | number)[]; readonly message: string; readonly suggestion: string };

/** An isolated network is one that the bot cannot reach: a private address asked from the bot proves nothing. */
function lintVantage(input: Json, schema: z.ZodType<HttpInput>): readonly LintFault[] {
  const read = schema.safeParse(input);
  if (!read.success || read.data.from !== "bot") return [];
  const { targets = [], connectTo = [] } = read.data;
  const asked = [
    ...(connectTo.length > 0 ? [] : targets.map((url, index) => ({ path: ["targets", index], parsed: parseTarget(url) }))),
    ...connectTo.map((to, index) => ({ path: ["connectTo", index], parsed: { name: to, address: to } })),
  ];
  return asked.flatMap(({ path, parsed }) => {
    const why = "problem" in parsed ? null : refusal(parsed.address, { allowPrivate: false });
    if ("problem" in parsed || why === null || why === "not an address") return [];
    return [{
      path,
      message: `${parsed.name} cannot be asked from the bot: it is ${why}, and an isolated network is one that the bot cannot reach.`,
      suggestion: "Set from: to the name of a test server inside that network.",
    }];
  });
}

function meant(given: string, names: readonly string[]): string {
  const near = nearest(given, names);
  return near === null ? "" : `Did you mean \`${near}\`? `;
}
