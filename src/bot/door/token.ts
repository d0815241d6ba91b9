/** The claims of a token that nobody has verified yet: good for refusing early, never for letting in. */
export type UnverifiedClaims = Readonly<Record<string, unknown>>;

/** A header larger than this is no token of the Bot Framework. */
const maxHeaderLength = 8192;

const bearerShape = /^Bearer ([\w-]{1,4096})\.([\w-]{1,8000})\.([\w-]{1,4096})$/u;

/** The claims in an Authorization header of the form `Bearer a.b.c`; null when it has any other form. */
export function unverifiedClaims(authorization: string | null): UnverifiedClaims | null {
  if (authorization === null || authorization.length > maxHeaderLength) return null;
  const payload = bearerShape.exec(authorization)?.[2];
  if (payload === undefined) return null;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    return isRecord(claims) ? claims : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
