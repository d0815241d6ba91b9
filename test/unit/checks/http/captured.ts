import { planAsks } from "../../../../src/checks/http/exchange.ts";
import type { Answered, Ask, Exchange } from "../../../../src/checks/http/exchange.ts";
import { httpInput } from "../../../../src/checks/http/input.ts";
import { expectOf, judge } from "../../../../src/checks/http/judge.ts";
import { builtInViews } from "../../../../src/checks/http/views.ts";
import type { ProbeOutcome } from "../../../../src/checks/http/wire.ts";
import type { Json } from "../../../../src/runbooks/runbook.ts";

/** Answers as they came from servers: HTTP.sys before and behind its bindings, nginx, and things that are no web server. */
export const captured = {
  ok: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/html\r\nServer: Microsoft-IIS/10.0\r\n\r\nhello",
  okHead: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/html\r\nServer: Microsoft-IIS/10.0\r\nConnection: close\r\n\r\n",
  invalidHostname:
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html; charset=us-ascii\r\nServer: Microsoft-HTTPAPI/2.0\r\nConnection: close\r\nContent-Length: 334\r\n\r\n<h2>Bad Request - Invalid Hostname</h2>\r\n<hr><p>HTTP Error 400. The request hostname is invalid.</p>",
  invalidHostnameHead: "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html; charset=us-ascii\r\nServer: Microsoft-HTTPAPI/2.0\r\nConnection: close\r\nContent-Length: 334\r\n\r\n",
  badRequestByNginx: "HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
  notFound: "HTTP/1.1 404 Not Found\r\nServer: nginx/1.22.1\r\nContent-Length: 0\r\n\r\n",
  redirect: "HTTP/1.1 302 Found\r\nLocation: https://payroll.contoso.example/login\r\nContent-Length: 0\r\n\r\n",
  redirectWithoutScheme: "HTTP/1.1 302 Redirect\r\nLocation: /payroll.contoso.example/login\r\nServer: Microsoft-IIS/10.0\r\nContent-Length: 0\r\n\r\n",
  redirectToPage: "HTTP/1.1 302 Found\r\nLocation: /login.aspx\r\nContent-Length: 0\r\n\r\n",
  signIn: "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate\r\nServer: Microsoft-IIS/10.0\r\nContent-Length: 0\r\n\r\n",
  methodNotAllowed: "HTTP/1.1 405 Method Not Allowed\r\nAllow: GET\r\nContent-Length: 0\r\n\r\n",
  poolStopped: "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html; charset=us-ascii\r\nServer: Microsoft-HTTPAPI/2.0\r\nConnection: close\r\nContent-Length: 326\r\n\r\n",
  maintenance: "HTTP/1.1 503 Service Unavailable\r\nServer: Microsoft-IIS/10.0\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n",
  badGateway: "HTTP/1.1 502 Bad Gateway\r\nServer: nginx/1.22.1\r\nContent-Length: 0\r\n\r\n",
  broken: "HTTP/1.1 500 Internal Server Error\r\nServer: Microsoft-IIS/10.0\r\nContent-Length: 0\r\n\r\n",
  plainToTls: "HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\nConnection: close\r\n\r\n<center>The plain HTTP request was sent to HTTPS port</center>",
  tlsAlert: "\x15\x03\x01\x00\x02\x02\x46",
  sourcetable: "SOURCETABLE 200 OK\r\nServer: NTRIP Caster/1.0\r\n\r\nENDSOURCETABLE\r\n",
} as const;

export type Scripted = keyof typeof captured | Exclude<ProbeOutcome, "answered"> | "hangs" | "unasked";

/** Plans the asks of an input and answers each as `script` says. */
export function exchanges(input: { readonly [key: string]: Json }, script: (ask: Ask) => Scripted): readonly Exchange[] {
  const read = httpInput.parse(input);
  return planAsks(read, builtInViews).map((ask) => expectOf(judge(ask, answer(ask, script(ask))), read.expect, new Date("2026-11-21T21:26:00Z")));
}

function answer(ask: Ask, scripted: Scripted): Answered {
  if (scripted === "unasked") return { unasked: "nobody asked" };
  const silent = { id: ask.request.id, connectMs: 1, firstByteMs: -1, totalMs: 5, totalBytes: 0, received: new Uint8Array() };
  if (scripted === "hangs") return { ...silent, outcome: "timed-out" };
  if (scripted in captured) {
    const received = Buffer.from(captured[scripted as keyof typeof captured], "latin1");
    return { ...silent, outcome: "answered", firstByteMs: 3, totalBytes: received.length, received };
  }
  return { ...silent, outcome: scripted as ProbeOutcome, connectMs: ["timed-out", "refused", "unreachable"].includes(scripted) ? -1 : 1 };
}
