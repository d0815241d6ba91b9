import { isIP } from "node:net";
import type { Form } from "./profile.ts";
import { authority } from "./target.ts";
import type { Target } from "./target.ts";

/** The bytes that a form puts on the wire for this target. The head is latin1, because a URL and a host name hold nothing else. */
export function requestBytes(form: Form, target: Target, host: string | null): Uint8Array {
  const named = hostHeader(form, target, host);
  const headers = form.headers.filter(([, value]) => value !== "{host}" || named !== null);
  const lines = [`${form.method} ${form.path ?? target.path} HTTP/${form.version}`, ...headers.map(([name, value]) => `${name}: ${value.replaceAll("{host}", named ?? "")}`)];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), Buffer.from(form.body, "utf8")]);
}

/** What stands in the Host header; null when none is sent. */
export function hostHeader(form: Form, target: Target, host: string | null): string | null {
  if (form.host === "none") return null;
  if (form.host === "fixed") return form.fixedHost;
  if (form.host === "address" || host === null) return authority(target);
  return host;
}

/** The server name for TLS: an address is never one (RFC 6066 §3). */
export function serverName(form: Form, target: Target, host: string | null): string | null {
  if (form.sni === "none") return null;
  const name = ((form.host === "fixed" ? form.fixedHost : host) ?? target.address).replace(/:\d+$/, "");
  return isIP(name) === 0 && !name.startsWith("[") ? name : null;
}
