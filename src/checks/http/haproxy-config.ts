import { pattern } from "./patterns.ts";
import { methods } from "./profile.ts";
import type { AnswerTest, Form } from "./profile.ts";
import { anyStatus, complement, parseRanges } from "./ranges.ts";
import type { Ranges } from "./ranges.ts";

type Draft = {
  method: string; path: string; version: string; headers: [string, string][]; body: string;
  up: Ranges | null; answer: { -readonly [K in keyof AnswerTest]: AnswerTest[K] }; sni: string | null; expects: number;
};
type Said = { readonly form: Form } | { readonly problem: string };

/** Thrown and caught in this file alone: a line that HAProxy or we would refuse. */
class Refused extends Error {}

/**
 * The form that HAProxy's own lines mean: `option httpchk`, `http-check send`, `http-check expect` and, of the server line,
 * `check-ssl` and `check-sni`. What comes out is what HAProxy 2.6 puts on the wire (names in lower case, `connection: close`
 * last with 1.1), as captured. Whatever we do not know is refused, because half a health check proves nothing.
 */
export function haproxyForm(config: string): Said {
  const draft: Draft = { method: "OPTIONS", path: "/", version: "HTTP/1.0", headers: [], body: "", up: null, answer: {}, sni: null, expects: 0 };
  try {
    const lines = config.split("\n").map((line) => words(line)).filter((line) => line.length > 0);
    if (lines.length === 0) throw new Refused("Write at least `option httpchk`.");
    for (const line of lines) read(line, draft);
    return { form: formOf(draft) };
  } catch (thrown) {
    if (thrown instanceof Refused) return { problem: thrown.message };
    throw thrown;
  }
}

function read(line: readonly string[], draft: Draft): void {
  const [first, second, ...rest] = line;
  if (first === "option" && second === "httpchk") return readHttpchk(rest, draft);
  if (first === "http-check" && second === "send") return readSend(rest, draft);
  if (first === "http-check" && second === "expect") return readExpect(rest, draft);
  if (first === "http-check" && second === "connect" && rest.length === 0) return;
  if (first === "server" || first === "default-server") return readServer(line, draft);
  throw new Refused(`\`${[first, second].join(" ").trim()}\` is not read here: option httpchk, http-check send and http-check expect are.`);
}

function readHttpchk(rest: readonly string[], draft: Draft): void {
  if (rest.length > 3) throw new Refused("option httpchk takes a method, a URI and a version.");
  if (rest.length === 1) draft.path = rest[0] ?? "/";
  if (rest.length > 1) [draft.method = "", draft.path = "", draft.version = draft.version] = rest;
  // Headers hidden behind the version were the way before 2.2, and still work.
  const [version = "", ...hidden] = draft.version.split("\r\n");
  draft.version = version;
  draft.headers = hidden.filter((line) => line !== "").map((line) => {
    const colon = line.indexOf(":");
    if (colon < 1) throw new Refused("What is hidden behind the version must be headers.");
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  });
}

function readSend(rest: readonly string[], draft: Draft): void {
  const left = [...rest];
  // A send of its own replaces the headers and the body that option httpchk hid, and keeps method, URI and version.
  draft.headers = [];
  draft.body = "";
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const value = left.shift();
    if (value === undefined) throw new Refused(`http-check send: ${word} has no value.`);
    if (word === "meth") draft.method = value;
    else if (word === "uri") draft.path = value;
    else if (word === "ver") draft.version = value;
    else if (word === "body") draft.body = value;
    else if (word === "hdr") draft.headers.push([value, left.shift() ?? ""]);
    else throw new Refused(`http-check send: \`${word}\` is not read here.`);
  }
}

function readExpect(rest: readonly string[], draft: Draft): void {
  const left = rest[0] === "min-recv" || rest[0] === "comment" ? rest.slice(2) : [...rest];
  const not = left[0] === "!";
  const [kind = "", value = "", ...more] = not ? left.slice(1) : left;
  draft.expects += 1;
  if (draft.expects > 1) throw new Refused("Only one http-check expect is read: HAProxy makes a sequence of several.");
  if (value === "" || more.length > 0) throw new Refused(`http-check expect ${kind}: write one value behind it.`);
  if (kind === "status") draft.up = either(statuses(value), not);
  else if (kind === "rstatus") draft.up = either(matchingStatuses(value), not);
  else {
    // Whoever expects something of the body does not look at the status any more.
    draft.up = anyStatus;
    if (kind === "string") draft.answer[not ? "lacks" : "contains"] = value;
    else if (kind === "rstring") draft.answer[not ? "lacksMatch" : "matches"] = compiled(value);
    else throw new Refused(`http-check expect ${kind} is not read here: status, rstatus, string and rstring are.`);
  }
}

function readServer(line: readonly string[], draft: Draft): void {
  const at = line.indexOf("check-sni");
  if (at >= 0) draft.sni = line[at + 1] ?? null;
}

function formOf(draft: Draft): Form {
  const method = methods.find((m) => m === draft.method);
  const version = draft.version === "HTTP/1.1" ? "1.1" : draft.version === "HTTP/1.0" ? "1.0" : null;
  if (method === undefined) throw new Refused(`A check only reads: ${draft.method} is not among ${methods.join(", ")}.`);
  if (version === null) throw new Refused("The version is HTTP/1.0 or HTTP/1.1.");
  if (!/^[!-~]{1,1000}$/.test(draft.path)) throw new Refused("The URI must be printable, without spaces.");
  for (const [name, value] of draft.headers) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[\r\n\0]/.test(value)) throw new Refused(`The header ${JSON.stringify(name)} cannot be sent.`);
    if (value.includes("%[")) throw new Refused("Log-format expressions in a header are not read here: write what they stand for.");
  }
  const host = draft.headers.find(([name]) => name.toLowerCase() === "host")?.[1] ?? null;
  const kept = draft.headers.map(([name, value]) => [name.toLowerCase(), value] as const).filter(([name]) => !["connection", "content-length", "transfer-encoding"].includes(name));
  const named = draft.headers.some(([name]) => name.toLowerCase() === "connection");
  return {
    name: "configured",
    label: `HAProxy ${method} ${version}${host === null ? "" : " + Host"}`,
    asks: `${method} with HTTP/${version} ${host === null ? "and without Host" : "and Host {host}"}`,
    method,
    version,
    path: draft.path,
    host: host === null ? "none" : "fixed",
    fixedHost: host,
    headers: [
      ...kept,
      ...(draft.body === "" ? [] : [["content-length", String(Buffer.byteLength(draft.body))] as const]),
      // A Connection header of the configuration is dropped, and takes HAProxy's own with it.
      ...(version === "1.1" && !named ? [["connection", "close"] as const] : []),
    ],
    body: draft.body,
    sni: draft.sni === null ? "none" : "host",
    up: draft.up,
    answer: draft.answer,
  };
}

function statuses(text: string): Ranges {
  const ranges = parseRanges(text);
  if (ranges === null) throw new Refused("http-check expect status: write codes such as 200-399,401.");
  return ranges;
}

/** A pattern over a status is a list of codes; four digits, because a server may send them. */
function matchingStatuses(text: string): Ranges {
  const like = pattern(compiled(text));
  const codes = Array.from({ length: 9999 }, (_, n) => n + 1).filter((code) => "found" in like && like.found(String(code)));
  return codes.map((code) => [code, code] as const);
}

function either(ranges: Ranges, not: boolean): Ranges {
  return not ? complement(ranges) : ranges;
}

function compiled(text: string): string {
  const like = pattern(text);
  if ("problem" in like) throw new Refused(like.problem);
  return text;
}

/** Splits a line as HAProxy does: spaces part, backslash and quotes keep, # ends it. */
function words(line: string): readonly string[] {
  const found: string[] = [];
  let word: string | null = null;
  let quote = "";
  for (let at = 0; at < line.length; at += 1) {
    const c = line[at] ?? "";
    if (c === "\\" && quote !== "'") {
      const next = line[(at += 1)] ?? "";
      word = (word ?? "") + (quote === '"' && !'\\"$'.includes(next) ? `\\${next}` : ({ r: "\r", n: "\n", t: "\t" }[next] ?? next));
    } else if (quote !== "") {
      if (c === quote) quote = "";
      else word = (word ?? "") + c;
    } else if (c === '"' || c === "'") {
      quote = c;
      word ??= "";
    } else if (c === "#") break;
    else if (/\s/.test(c)) {
      if (word !== null) found.push(word);
      word = null;
    } else word = (word ?? "") + c;
  }
  if (quote !== "") throw new Refused("A quote is not closed.");
  return word === null ? found : [...found, word];
}
