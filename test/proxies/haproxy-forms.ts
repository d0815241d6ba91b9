/** Configurations of a health check: the same lines go to HAProxy and to us. */
export type HaproxyForm = { readonly name: string; readonly lines: readonly string[] };

const send = "http-check send meth GET uri /health ver HTTP/1.1 hdr Host payroll.contoso.example";

/** Whose bytes are compared. */
export const captureForms: readonly HaproxyForm[] = [
  { name: "default", lines: ["option httpchk"] },
  { name: "uri", lines: ["option httpchk /health"] },
  { name: "method-uri", lines: ["option httpchk GET /health"] },
  { name: "head", lines: ["option httpchk HEAD /"] },
  { name: "head-1.1-host", lines: ["option httpchk HEAD / HTTP/1.1\\r\\nHost:\\ payroll.contoso.example"] },
  { name: "send-get-1.1-host", lines: ["option httpchk", send] },
  { name: "send-get-1.0-host", lines: ["option httpchk", "http-check send meth GET uri / ver HTTP/1.0 hdr Host payroll.contoso.example"] },
  { name: "send-1.1-without-host", lines: ["option httpchk", "http-check send meth GET uri / ver HTTP/1.1"] },
  { name: "send-host-behind-httpchk", lines: ["option httpchk GET /health HTTP/1.1", "http-check send hdr Host payroll.contoso.example"] },
  { name: "send-headers", lines: ["option httpchk", 'http-check send meth GET uri /h?x=1 ver HTTP/1.1 hdr X-Probe "a b" hdr host payroll.contoso.example hdr User-Agent drillbook hdr X-Probe c'] },
  { name: "send-connection", lines: ["option httpchk", "http-check send meth GET uri / ver HTTP/1.1 hdr Host a hdr Connection keep-alive"] },
  { name: "send-body", lines: ["option httpchk", 'http-check send meth POST uri /h ver HTTP/1.1 hdr Host payroll.contoso.example hdr Content-Type text/plain body "ping"'] },
  { name: "send-replaces-hidden", lines: ["option httpchk GET /a HTTP/1.1\\r\\nHost:\\ one\\r\\nX:\\ y", "http-check send hdr Z w"] },
  { name: "options-star", lines: ["option httpchk OPTIONS * HTTP/1.1\\r\\nHost:\\ www"] },
  { name: "expect-status", lines: ["option httpchk", "http-check expect status 200"] },
];

/** Whose decisions are compared, for every behaviour of a server. */
export const verdictForms: readonly HaproxyForm[] = [
  { name: "default", lines: ["option httpchk"] },
  { name: "get-1.0", lines: ["option httpchk GET /health"] },
  { name: "head-1.1-host", lines: ["option httpchk", "http-check send meth HEAD uri / ver HTTP/1.1 hdr Host payroll.contoso.example"] },
  { name: "get-1.1-host", lines: ["option httpchk", send] },
  { name: "options-1.1", lines: ["option httpchk OPTIONS / HTTP/1.1"] },
  { name: "status-200", lines: ["option httpchk", send, "http-check expect status 200"] },
  { name: "not-status", lines: ["option httpchk GET /", "http-check expect ! status 500-599"] },
  { name: "rstatus", lines: ["option httpchk", send, "http-check expect rstatus ^(2..|30[12])$"] },
  { name: "string", lines: ["option httpchk", send, "http-check expect string READY"] },
  { name: "not-string", lines: ["option httpchk", send, "http-check expect ! string DOWN"] },
  { name: "rstring", lines: ["option httpchk GET /", 'http-check expect rstring "REA[A-E]Y"'] },
];
