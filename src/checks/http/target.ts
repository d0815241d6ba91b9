import { isIP } from "node:net";

/** Where a request goes. `name` is how people are shown it: the address, with the port when it is not the scheme's own. */
export type Target = {
  readonly url: string;
  readonly name: string;
  readonly scheme: "http" | "https";
  readonly address: string;
  readonly port: number;
  readonly path: string;
};

/** Reads a target URL, or says what is wrong with it. The URL parser undoes every odd spelling of an IPv4 address. */
export function parseTarget(text: string): Target | { readonly problem: string } {
  if (text.length > 2000 || !URL.canParse(text)) return { problem: "Write a whole URL, such as http://10.50.0.11/." };
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") return { problem: "Only http and https can be asked." };
  if (url.username !== "" || url.password !== "") return { problem: "Leave user name and password out of the URL." };
  if (url.hash !== "") return { problem: "A fragment (#…) never reaches a server: leave it out." };
  const scheme = url.protocol === "http:" ? "http" : "https";
  return {
    url: url.href,
    name: url.host,
    scheme,
    address: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port || (scheme === "http" ? 80 : 443)),
    path: `${url.pathname}${url.search}`,
  };
}

/** The address as it stands in a Host header or URL: IPv6 in brackets, the port only when it is not the scheme's own. */
export function authority(target: Target): string {
  const host = isIP(target.address) === 6 ? `[${target.address}]` : target.address;
  return target.port === (target.scheme === "http" ? 80 : 443) ? host : `${host}:${target.port}`;
}
