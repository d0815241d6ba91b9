import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../drills/ports.ts";
import type { Json } from "../../runbooks/runbook.ts";

/** A cookie that this server signed, with a time at which it runs out. */
export type SignedCookie = {
  /** The value of a Set-Cookie header that keeps this for so long. */
  issue(content: Json): string;
  /** What was kept; null: nothing, or it ran out, or nobody of ours signed it. */
  read(header: string | string[] | undefined): Json | null;
  /** The value of a Set-Cookie header that forgets it. */
  clear(): string;
};

/**
 * What a browser keeps for us and cannot change. Lax, not strict: the way back from the sign-in comes from another site.
 * Over https the name itself makes browsers refuse it from any other host or without encryption.
 */
export function signedCookie(options: { readonly name: string; readonly key: Buffer; readonly secure: boolean; readonly lastsMs: number; readonly clock: Clock }): SignedCookie {
  const name = options.secure ? `__Host-${options.name}` : options.name;
  const attributes = `HttpOnly; SameSite=Lax; Path=/${options.secure ? "; Secure" : ""}`;
  const sign = (text: string): Buffer => createHmac("sha256", options.key).update(`${name}\n${text}`).digest();
  return {
    issue(content) {
      const body = Buffer.from(JSON.stringify({ until: options.clock().getTime() + options.lastsMs, content })).toString("base64url");
      return `${name}=${body}.${sign(body).toString("base64url")}; ${attributes}; Max-Age=${options.lastsMs / 1000}`;
    },
    read(header) {
      const [body = "", signature = ""] = valueOf(header, name).split(".");
      const expected = sign(body);
      const given = Buffer.from(signature, "base64url");
      if (body === "" || given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
      const { until, content } = JSON.parse(Buffer.from(body, "base64url").toString("utf8")) as { until: number; content: Json };
      return until > options.clock().getTime() ? content : null;
    },
    clear: () => `${name}=; ${attributes}; Max-Age=0`,
  };
}

function valueOf(header: string | string[] | undefined, name: string): string {
  if (typeof header !== "string") return "";
  for (const pair of header.split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return "";
}
