/** An HTTP answer as far as it could be read. Header names are lower-cased, values trimmed, order kept. */
export type HttpResponse = {
  readonly version: string;
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
};

/**
 * Reads an answer tolerantly: bare line feeds, no reason phrase, a head that was cut. Null when it does not begin like
 * HTTP, or ends before the status line does.
 */
export function parseResponse(received: Uint8Array): HttpResponse | null {
  const text = Buffer.from(received).toString("latin1");
  const match = /^HTTP\/(\d(?:\.\d)?) (\d{3})(?: ([^\r\n]*))?\r?\n/.exec(text);
  if (!match) return null;
  const end = headEnd(text);
  const head = text.slice(match[0].length, end?.at ?? text.length);
  const headers = parseHeaders(head);
  const body = end ? text.slice(end.next) : "";
  return { version: match[1] ?? "", status: Number(match[2]), reason: (match[3] ?? "").trim(), headers, body: isChunked(headers) ? unchunk(body) : body };
}

/** The first header of this name, which has to be in lower case; null when there is none. */
export function header(response: HttpResponse, name: string): string | null {
  return response.headers.find(([n]) => n === name)?.[1] ?? null;
}

/**
 * Whether the message is whole, so that a connection the server keeps open need not be waited for. Asked again with every
 * piece that comes, and therefore looks at no more than it must.
 */
export function isComplete(received: Uint8Array, toHead: boolean): boolean {
  const text = Buffer.from(received.buffer, received.byteOffset, received.byteLength).toString("latin1");
  const end = headEnd(text);
  const status = end && /^HTTP\/\d(?:\.\d)? (\d{3})(?:[ \r\n])/.exec(text)?.[1];
  if (!end || !status) return false;
  if (toHead || status === "204" || status === "304") return true;
  const head = text.slice(0, end.at);
  if (/\ntransfer-encoding[ \t]*:[^\n]*\bchunked\b/i.test(head)) return text.endsWith("\r\n0\r\n\r\n") || text.slice(end.next) === "0\r\n\r\n";
  const length = /\ncontent-length[ \t]*:[ \t]*(\d{1,15})[ \t]*(?:\r?\n|$)/i.exec(head)?.[1];
  return length !== undefined && text.length - end.next >= Number(length);
}

/** Whether the answer came as far as the empty line after its head: nginx takes no answer without it. */
export function hasHead(received: Uint8Array): boolean {
  return headEnd(Buffer.from(received).toString("latin1")) !== null;
}

function headEnd(text: string): { readonly at: number; readonly next: number } | null {
  const match = /\r?\n\r?\n/.exec(text);
  return match ? { at: match.index, next: match.index + match[0].length } : null;
}

function parseHeaders(head: string): readonly (readonly [string, string])[] {
  const headers: [string, string][] = [];
  for (const line of head.split("\n")) {
    const last = headers.at(-1);
    const colon = line.indexOf(":");
    if (last && (line.startsWith(" ") || line.startsWith("\t"))) last[1] = `${last[1]} ${line.trim()}`;
    else if (colon > 0) headers.push([line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]);
  }
  return headers;
}

function isChunked(headers: HttpResponse["headers"]): boolean {
  return headers.some(([name, value]) => name === "transfer-encoding" && /\bchunked\b/i.test(value));
}

/** Joins the chunks that are there; whatever is no chunk ends it. */
export function unchunk(body: string): string {
  let rest = body;
  let joined = "";
  for (let size = /^([0-9a-f]{1,7})[^\r\n]*\r?\n/i.exec(rest); size; size = /^([0-9a-f]{1,7})[^\r\n]*\r?\n/i.exec(rest)) {
    const length = Number.parseInt(size[1] ?? "0", 16);
    if (length === 0) break;
    const from = size[0].length;
    joined += rest.slice(from, from + length);
    rest = rest.slice(from + length).replace(/^\r?\n/, "");
  }
  return joined;
}
