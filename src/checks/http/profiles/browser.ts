import type { Profile } from "../profile.ts";

const agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

/** A person's browser, at its first request: it would then follow a redirect, which this does not. */
export const browser: Profile = {
  name: "browser",
  system: "a browser",
  forms: [
    {
      name: "1.1",
      label: "browser",
      asks: "HTTP/1.1 with Host {host}",
      method: "GET",
      version: "1.1",
      host: "given-or-address",
      headers: [
        ["Connection", "keep-alive"],
        ["Upgrade-Insecure-Requests", "1"],
        ["User-Agent", agent],
        ["Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"],
        ["Accept-Language", "en-GB,en;q=0.9"],
      ],
      sni: "host",
    },
  ],
  up: [[200, 399]],
  remedies: {
    host: "Ask for {host} by its name.",
    method: "A page must answer {method}.",
    status: "A person sees {status} as an error page.",
  },
  compare: [],
  facts: [
    { fact: "GET with HTTP/1.1 and a Host header that carries the port when it is not the scheme's own.", source: "RFC 9110 §7.2", certainty: "documented" },
    { fact: "Names and order of the other headers.", source: "Chrome's usual first request over plain HTTP", certainty: "assumed" },
    { fact: "Accept-Encoding is left out on purpose, so that expected text can be read in the answer.", source: "our deviation", certainty: "captured" },
    { fact: "2xx and 3xx count as up: a person is taken on by a redirect.", source: "our judgement", certainty: "assumed" },
  ],
};
