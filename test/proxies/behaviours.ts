import type { Socket } from "node:net";

export type Request = { readonly text: string; readonly method: string; readonly version: string; readonly host: string | null };

/** One way for a server to behave: what it does with a request whose head has come. */
export type Behaviour = { readonly name: string; readonly act: (request: Request, socket: Socket) => void };

const name = "payroll.contoso.example";

function answer(status: string, headers: readonly string[] = [], body = "READY", request?: Request): string {
  const shown = request?.method === "HEAD" ? "" : body;
  return [`HTTP/1.1 ${status}`, "Server: test", `Content-Length: ${body.length}`, ...headers, "", shown].join("\r\n");
}

const says = (label: string, status: string, headers: readonly string[] = [], body = "READY"): Behaviour => ({
  name: label,
  act: (request, socket) => void socket.end(answer(status, headers, body, request), "latin1"),
});
const raw = (label: string, text: string): Behaviour => ({ name: label, act: (_request, socket) => void socket.end(text, "latin1") });
const rawOpen = (label: string, text: string): Behaviour => ({ name: label, act: (_request, socket) => void socket.write(text, "latin1") });
const chooses = (label: string, choose: (request: Request) => string): Behaviour => ({ name: label, act: (request, socket) => void socket.end(choose(request), "latin1") });
/**
 * Part after part, each waiting for the one before, and the end after a pause of its own: a busy machine must not make one
 * burst of them. HAProxy 2.6 at times refuses a head that comes in several pieces at once together with the end.
 */
const slowly = (label: string, parts: readonly string[], everyMs: number): Behaviour => ({
  name: label,
  act: (_request, socket) => {
    const next = (at: number): void => {
      const part = parts[at];
      setTimeout(() => {
        if (!socket.writable) return;
        if (part === undefined) return void socket.end();
        socket.write(part, "latin1");
        next(at + 1);
      }, everyMs).unref();
    };
    next(0);
  },
});

const codes = ["200 OK", "201 Created", "202 Accepted", "203 Non-Authoritative", "206 Partial", "226 IM Used", "299 Odd", "300 Choices", "305 Proxy", "399 Odd", "400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found", "410 Gone", "418 Teapot", "429 Slow", "500 Error", "501 No", "502 Bad Gateway", "503 Unavailable", "504 Timeout", "599 Odd", "600 Beyond", "999 Far"];

/** Servers as they are met, and as they are not supposed to be. */
export const behaviours: readonly Behaviour[] = [
  ...codes.map((status) => says(`status-${status.slice(0, 3)}`, status)),
  raw("status-204", "HTTP/1.1 204 No Content\r\n\r\n"),
  raw("status-304", "HTTP/1.1 304 Not Modified\r\n\r\n"),
  raw("status-099", "HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n"),
  raw("status-two-digits", "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n"),
  raw("status-four-digits", "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n"),
  says("redirect-301", "301 Moved", [`Location: http://${name}/new`]),
  says("redirect-302-absolute", "302 Found", ["Location: https://other.example/login"]),
  says("redirect-302-relative", "302 Found", ["Location: /login"]),
  says("redirect-without-scheme", "302 Found", [`Location: ${name}/login`]),
  says("redirect-to-itself", "302 Found", ["Location: /health"]),
  says("redirect-307", "307 Temporary", ["Location: /"]),
  says("redirect-308", "308 Permanent", ["Location: /"]),
  says("redirect-without-location", "302 Found"),
  chooses("needs-any-host", (r) => answer(r.host === null ? "400 Bad Request" : "200 OK", [], "READY", r)),
  chooses("needs-the-host", (r) => answer(r.host === name ? "200 OK" : "400 Invalid Hostname", [], r.host === name ? "READY" : "nobody", r)),
  chooses("default-site-404", (r) => answer(r.host === name ? "200 OK" : "404 Not Found", [], "READY", r)),
  chooses("catch-all-while-dead", (r) => answer(r.host === name ? "500 Dead" : "200 OK", [], "READY", r)),
  chooses("wrong-host-redirected", (r) => answer(r.host === name ? "200 OK" : "301 Moved", r.host === name ? [] : [`Location: http://${name}/`], "READY", r)),
  chooses("head-refused", (r) => answer(r.method === "HEAD" ? "405 No" : "200 OK", [], "READY", r)),
  chooses("options-refused", (r) => answer(r.method === "OPTIONS" ? "405 No" : "200 OK", [], "READY", r)),
  chooses("options-not-implemented", (r) => answer(r.method === "OPTIONS" ? "501 No" : "200 OK", [], "READY", r)),
  chooses("http-1.0-refused", (r) => answer(r.version === "1.0" ? "505 Version" : "200 OK", [], "READY", r)),
  { name: "http-1.0-closed", act: (r, socket) => void (r.version === "1.0" ? socket.destroy() : socket.end(answer("200 OK", [], "READY", r))) },
  { name: "without-host-closed", act: (r, socket) => void (r.host === null ? socket.destroy() : socket.end(answer("200 OK", [], "READY", r))) },
  chooses("http-1.0-server", (r) => `HTTP/1.0 200 OK\r\nServer: old\r\n\r\n${r.method === "HEAD" ? "" : "READY"}`),
  raw("http-0.9-server", "<html>READY</html>"),
  { name: "kept-open-with-length", act: (r, socket) => void socket.write(answer("200 OK", ["Connection: keep-alive"], "READY", r)) },
  { name: "kept-open-500", act: (r, socket) => void socket.write(answer("500 Error", ["Connection: keep-alive"], "READY", r)) },
  rawOpen("kept-open-without-length", "HTTP/1.1 200 OK\r\nServer: test\r\n\r\nREADY"),
  rawOpen("kept-open-silent-body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
  rawOpen("kept-open-other-body", "HTTP/1.1 200 OK\r\n\r\nsomething"),
  rawOpen("kept-open-more-than-length", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokREADY"),
  raw("closed-without-length", "HTTP/1.1 200 OK\r\n\r\nREADY"),
  raw("length-too-long", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nREADY"),
  raw("length-too-short", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nREADY"),
  raw("length-zero", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
  raw("length-no-number", "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nREADY"),
  raw("length-negative", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nREADY"),
  raw("length-twice-alike", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nREADY"),
  raw("length-twice-unlike", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nREADY"),
  raw("length-and-chunked", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nREADY\r\n0\r\n\r\n"),
  raw("chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nREA\r\n2\r\nDY\r\n0\r\n\r\n"),
  raw("chunked-cut", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nREA\r\n2\r\nD"),
  raw("chunked-nonsense", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nREADY\r\n0\r\n\r\n"),
  raw("chunked-trailers", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nREADY\r\n0\r\nX-Sum: 1\r\n\r\n"),
  raw("chunked-http-1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nREADY\r\n0\r\n\r\n"),
  rawOpen("chunked-kept-open", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nREADY\r\n"),
  { name: "closed-at-once", act: (_r, socket) => void socket.end() },
  { name: "reset", act: (_r, socket) => void socket.resetAndDestroy() },
  { name: "reset-after-answer", act: (r, socket) => void socket.write(answer("200 OK", [], "READY", r), () => setTimeout(() => socket.resetAndDestroy(), 100).unref()) },
  raw("status-line-and-closed", "HTTP/1.1 200 OK\r\n"),
  raw("half-head-and-closed", "HTTP/1.1 200 OK\r\nServer: te"),
  rawOpen("half-head-and-silent", "HTTP/1.1 200 OK\r\nServer: te"),
  { name: "silent", act: () => undefined },
  slowly("slow-headers", ["HTTP/1.1 200 OK\r\n", "Server: slow\r\n", "Content-Length: 5\r\n", "\r\n", "READY"], 60),
  slowly("slow-first-byte", [answer("200 OK")], 400),
  slowly("too-slow", [answer("200 OK")], 9_000),
  slowly("too-slow-headers", ["HTTP/1.1 200 OK\r\n", "Server: slow\r\n", "\r\n"], 3_000),
  slowly("slow-body", ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "REA", "DY"], 200),
  {
    // A pause that is longer than our own patience with a server that says no length, far from every time-out.
    name: "slow-body-after-a-pause",
    act: (_request, socket) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      setTimeout(() => socket.end("READY"), 450).unref();
    },
  },
  slowly("body-too-slow", ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "READY"], 9_000),
  says("body-down", "200 OK", [], "DOWN"),
  says("body-both", "200 OK", [], "READY but DOWN"),
  says("body-empty", "200 OK", [], ""),
  says("body-503-ready", "503 Unavailable", [], "READY"),
  says("body-far", "200 OK", [], `${"x".repeat(40_000)}READY`),
  says("body-12k", "200 OK", [], `${"x".repeat(12_000)}READY`),
  says("body-huge", "200 OK", [], `READY${"x".repeat(300_000)}`),
  says("body-compressed", "200 OK", ["Content-Encoding: gzip"], "\x1f\x8bREADY"),
  raw("early-hints", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nREADY"),
  raw("continue-then-200", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nREADY"),
  raw("continue-then-500", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 Error\r\nContent-Length: 5\r\n\r\nREADY"),
  raw("continue-and-closed", "HTTP/1.1 100 Continue\r\n\r\n"),
  raw("switching-protocols", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
  raw("garbage", "\x00\x01\x02garbage\r\n\r\n"),
  raw("ssh-banner", "SSH-2.0-OpenSSH_9.2\r\n"),
  raw("ntrip-caster", "SOURCETABLE 200 OK\r\nServer: NTRIP\r\n\r\nENDSOURCETABLE\r\n"),
  raw("icy", "ICY 200 OK\r\nicy-name: x\r\n\r\nREADY"),
  raw("tls-alert", "\x15\x03\x01\x00\x02\x02\x46"),
  raw("version-2.0", "HTTP/2.0 200 OK\r\nContent-Length: 5\r\n\r\nREADY"),
  raw("version-1.2", "HTTP/1.2 200 OK\r\nContent-Length: 5\r\n\r\nREADY"),
  raw("version-2", "HTTP/2 200\r\nContent-Length: 5\r\n\r\nREADY"),
  raw("version-lower-case", "http/1.1 200 OK\r\nContent-Length: 5\r\n\r\nREADY"),
  raw("rtsp", "RTSP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nREADY"),
  raw("no-reason", "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nREADY"),
  raw("empty-reason", "HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nREADY"),
  raw("two-spaces-before-code", "HTTP/1.1  200 OK\r\nContent-Length: 5\r\n\r\nREADY"),
  raw("control-character-in-reason", "HTTP/1.1 200 O\x01K\r\nContent-Length: 5\r\n\r\nREADY"),
  raw("high-bytes-in-reason", "HTTP/1.1 200 \xe4\xf6\r\nContent-Length: 5\r\n\r\nREADY"),
  raw("bare-line-feeds", "HTTP/1.1 200 OK\nContent-Length: 5\n\nREADY"),
  raw("leading-line-break", "\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nREADY"),
  raw("header-without-colon", "HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 5\r\n\r\nREADY"),
  raw("header-space-before-colon", "HTTP/1.1 200 OK\r\nServer : test\r\nContent-Length: 5\r\n\r\nREADY"),
  raw("header-space-in-name", "HTTP/1.1 200 OK\r\nMy Header: test\r\nContent-Length: 5\r\n\r\nREADY"),
  raw("header-empty-name", "HTTP/1.1 200 OK\r\n: test\r\nContent-Length: 5\r\n\r\nREADY"),
  raw("header-high-bytes", "HTTP/1.1 200 OK\r\nX: \xe4\xf6\r\nContent-Length: 5\r\n\r\nREADY"),
  raw("header-nul", "HTTP/1.1 200 OK\r\nX: a\x00b\r\nContent-Length: 5\r\n\r\nREADY"),
  raw("header-folded", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 5\r\n\r\nREADY"),
  raw("header-carriage-return", "HTTP/1.1 200 OK\r\nX: a\rb\r\nContent-Length: 5\r\n\r\nREADY"),
  raw("headers-14k", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(14_000)}\r\nContent-Length: 5\r\n\r\nREADY`),
  raw("headers-20k", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(20_000)}\r\nContent-Length: 5\r\n\r\nREADY`),
  raw("headers-90-of-them", `HTTP/1.1 200 OK\r\n${"X: y\r\n".repeat(90)}Content-Length: 5\r\n\r\nREADY`),
  raw("headers-150-of-them", `HTTP/1.1 200 OK\r\n${"X: y\r\n".repeat(150)}Content-Length: 5\r\n\r\nREADY`),
  ...[99, 100, 101, 102].map((lines) => raw(`headers-${lines}`, `HTTP/1.1 200 OK\r\n${"X: y\r\n".repeat(lines - 1)}Content-Length: 5\r\n\r\nREADY`)),
  ...[16_000, 16_200, 16_300].map((length) => raw(`headers-long-${length}`, `HTTP/1.1 200 OK\r\nX: ${"x".repeat(length)}\r\nContent-Length: 5\r\n\r\nREADY`)),
  raw("two-answers", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500 Error\r\nContent-Length: 5\r\n\r\nREADY"),
];
