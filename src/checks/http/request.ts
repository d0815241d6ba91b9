import { isIP } from "node:net";
import type { Form, Method } from "./profile.ts";
import { authority } from "./target.ts";
import type { Target } from "./target.ts";

/** The bytes that a form puts on the wire for this target; latin1, because a URL and a host name hold nothing else. */
export function requestBytes(form: Form, target: Target, host: string | null, method: Method | undefined): Uint8Array {
  const named = hostHeader(form, target, host);
  const headers = [...(named === null ? [] : [["Host", named] as const]), ...form.headers];
  const head = [`${method ?? form.method} ${target.path} HTTP/${form.version}`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1");
}

/** What stands in the Host header; null when none is sent. */
export function hostHeader(form: Form, target: Target, host: string | null): string | null {
  if (form.host === "none") return null;
  if (form.host === "address" || host === null) return authority(target);
  return host;
}

/** The server name for TLS: an address is never one (RFC 6066 §3). */
export function serverName(form: Form, target: Target, host: string | null): string | null {
  if (form.sni === "none") return null;
  const name = (host ?? target.address).replace(/:\d+$/, "");
  return isIP(target.address) !== 0 && host === null ? null : isIP(name) === 0 ? name : null;
}
