import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** How long a browser stays signed in to the console, in milliseconds. */
const sessionMs = 7 * 24 * 60 * 60 * 1000;

/** Browsers that are signed in to the console. */
export type Sessions = {
  /** The value of a Set-Cookie header that signs a browser in. */
  readonly issue: () => string;
  readonly isValid: (cookieHeader: string | string[] | undefined) => boolean;
};

export type SessionOptions = {
  /** At least 32 random bytes. Kept over restarts, sessions live on; a new key ends them all. */
  readonly key: Buffer;
  /** Cookies know no ports, so two consoles on one machine need two names. */
  readonly port: number;
  readonly now: () => Date;
};

/** Signed cookies without any state: a restart of the process ends no session. */
export function createSessions({ key, port, now }: SessionOptions): Sessions {
  if (key.length < 32) throw new RangeError("a session key has at least 32 bytes");
  const name = `drillbook-${port}`;
  const sign = (text: string): Buffer => createHmac("sha256", key).update(`${name}.${text}`).digest();

  return {
    issue() {
      const body = `${now().getTime() + sessionMs}.${randomBytes(16).toString("base64url")}`;
      const value = `${body}.${sign(body).toString("base64url")}`;
      return `${name}=${value}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${sessionMs / 1000}`;
    },
    isValid(cookieHeader) {
      const [until, nonce, signature] = cookieValue(cookieHeader, name)?.split(".") ?? [];
      if (until === undefined || nonce === undefined || signature === undefined) return false;
      const expected = sign(`${until}.${nonce}`);
      const given = Buffer.from(signature, "base64url");
      return given.length === expected.length && timingSafeEqual(given, expected) && Number(until) > now().getTime();
    },
  };
}

function cookieValue(header: string | string[] | undefined, name: string): string | null {
  if (typeof header !== "string") return null;
  for (const pair of header.split(";")) {
    const [key, value] = pair.trim().split("=", 2);
    if (key === name && value !== undefined) return value;
  }
  return null;
}
