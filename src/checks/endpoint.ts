import { isIP } from "node:net";
import { z } from "zod";
import type { Target } from "./http/target.ts";

/** A host and a port without a URL: "10.50.0.11:443", "[fd12::1]:53", "db-01.contoso.example:1433". */
export function parseEndpoint(text: string, usualPort: number | null): Target | null {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_.-]{1,253}))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const address = bracketed ?? plain;
  const number = port === undefined ? usualPort : Number(port);
  if (address === undefined || number === null || number < 1 || number > 65_535 || (bracketed !== undefined && isIP(bracketed) !== 6)) return null;
  // The same parser that undoes odd spellings of an address in a URL: 2852039166 is 169.254.169.254.
  const spelled = bracketed === undefined ? `http://${address}/` : `http://[${address}]/`;
  if (!URL.canParse(spelled)) return null;
  const host = new URL(spelled).hostname.replace(/^\[|\]$/g, "");
  return { url: `tcp://${text}`, name: text, scheme: "http", address: host, port: number, path: "/" };
}

/** Schema of a host with its port, kept as it was written. `usualPort` null: the port has to be said. */
export const endpoint = (usualPort: number | null) =>
  z.string().refine((text) => parseEndpoint(text, usualPort) !== null, {
    error: usualPort === null ? "Write an address or name with its port, such as 10.50.0.11:443." : "Write an address or name, with its port where it is another than the usual one.",
  });

/** For `z.preprocess`: lets people write one value where a list is taken. What is missing stays missing, so that the schema can say so. */
export const oneOrMore = (value: unknown) => (value === undefined || Array.isArray(value) ? value : [value]);

/** Where a check looks from: the key `from` of every check that asks the network. */
export const vantage = z.string({ error: "Say where to ask from: bot, or the name of a test server." }).min(1).max(64);
