import type { HttpResponse } from "./response.ts";
import { unchunk } from "./response.ts";

/** `whole`: the message came to its end, so that what is not in it will not come any more. */
export type HaproxyReading = { readonly response: HttpResponse; readonly whole: boolean } | { readonly fault: string };

/**
 * Default sizes of HAProxy 2.6: a head must fit into its buffer beside what HAProxy notes of each header (measured with
 * two headers; some bytes less with more), with at most so many lines, and no text is looked for beyond the buffer.
 */
const buffer = 16_384;
const longestHead = 16_284;
const mostHeaders = 100;

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Reads an answer as HAProxy 2.6 does, which refuses what a proxy could not pass on safely and takes some that others do
 * not. Every rule was seen in decisions of HAProxy: test/proxies compares them all. `ended`: the server closed.
 */
export function readAsHaproxy(received: Uint8Array, toHead: boolean, ended: boolean): HaproxyReading {
  const text = Buffer.from(received).toString("latin1").replace(/^(?:\r?\n)+/, "");
  const end = /\r?\n\r?\n/.exec(text);
  if (!end) return { fault: text.length >= longestHead ? "its head is longer than HAProxy takes" : "its head does not come to an end" };
  if (end.index > longestHead) return { fault: "its head is longer than HAProxy takes" };
  const [line = "", ...lines] = text.slice(0, end.index).split(/\r?\n/);
  // Four characters before the slash, whichever they are: RTSP/1.0 passes.
  const start = /^([0-9A-Z./]{4}\/\d\.\d) +(\d+)(?:[ \t]+(.*))?$/.exec(line);
  if (!start) return { fault: "its first line is none of HTTP's" };
  const headers = readHeaders(lines);
  if (typeof headers === "string") return { fault: headers };
  const length = contentLength(headers);
  if (length === "bad") return { fault: "its Content-Length is no number, or two that differ" };
  const rest = text.slice(end.index + end[0].length);
  const chunked = headers.some(([name, value]) => name === "transfer-encoding" && /\bchunked\b/i.test(value));
  const head = { version: start[1]?.slice(5) ?? "", status: Number(start[2]), reason: (start[3] ?? "").trim(), headers };
  const full = received.length >= buffer;
  // An interim answer counts as the answer, and what follows it as its body.
  if (head.status < 200) return { response: { ...head, body: rest }, whole: ended || full };
  if (toHead || [204, 304].includes(head.status)) return { response: { ...head, body: "" }, whole: true };
  if (chunked) {
    if (/^[^0-9a-fA-F]/.test(rest)) return { fault: "its chunks are none" };
    return { response: { ...head, body: unchunk(rest) }, whole: ended || full || /(?:^|\r\n)0\r\n(?:[^\r\n]+\r\n)*\r\n$/.test(rest) };
  }
  return { response: { ...head, body: length === null ? rest : rest.slice(0, length) }, whole: ended || full || (length !== null && rest.length >= length) };
}

function readHeaders(lines: readonly string[]): HttpResponse["headers"] | string {
  if (lines.length > mostHeaders) return "it has more headers than HAProxy takes";
  const headers: [string, string][] = [];
  for (const line of lines) {
    const last = headers.at(-1);
    if (/^[ \t]/.test(line) && last) {
      last[1] = `${last[1]} ${line.trim()}`;
      continue;
    }
    const colon = line.indexOf(":");
    if (colon < 1 || !token.test(line.slice(0, colon))) return "one of its headers has no proper name";
    if (line.includes("\r")) return "one of its headers holds a carriage return";
    headers.push([line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]);
  }
  return headers;
}

function contentLength(headers: HttpResponse["headers"]): number | null | "bad" {
  const said = headers.filter(([name]) => name === "content-length").map(([, value]) => value);
  if (said.length === 0) return null;
  return said.every((value) => /^\d{1,15}$/.test(value) && Number(value) === Number(said[0])) ? Number(said[0]) : "bad";
}
