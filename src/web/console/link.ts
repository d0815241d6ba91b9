import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** The printed address that signs a browser in. */
export type OneTimeLink = {
  /** What is printed in the terminal: whoever opens it first is signed in. */
  readonly address: () => string;
  /** true once for each token; the next address carries a new one. */
  readonly redeem: (token: string) => boolean;
};

/** A token of 32 random bytes in memory: a restart makes every printed address worthless. */
export function createOneTimeLink(origin: string): OneTimeLink {
  let token = newToken();
  return {
    address: () => `${origin}/?token=${token}`,
    redeem(presented) {
      if (!timingSafeEqual(digest(presented), digest(token))) return false;
      token = newToken();
      return true;
    },
  };
}

function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** Digests have one length, whatever was presented. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
