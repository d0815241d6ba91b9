import type { Json } from "../../runbooks/runbook.ts";
import { isList, isMembers } from "../transcript/json.ts";

type Row = { readonly [key: string]: Json };

/** What else a row of an HTTP check knows: times by phase, redirects hop by hop, the certificate, the tries of a window. */
export function exchangeNotes(row: Row): readonly string[] {
  return [times(row["timings"]), ...hops(row), certificate(row["certificate"]), tries(row["tries"])].flatMap((note) => note ?? []);
}

/** The server's and the certificate's figures are times from the start; the handshake's is its own. */
function times(timings: Json | undefined): string | null {
  if (timings === undefined || !isMembers(timings)) return null;
  const phase = (key: string, say: string) => (typeof timings[key] === "number" && timings[key] >= 0 ? [`${say} ${timings[key]} ms`] : []);
  const said = [...phase("connectMs", "connected after"), ...phase("tlsMs", "TLS handshake took"), ...phase("firstByteMs", "first byte after"), ...phase("totalMs", "ended after")];
  return said.length === 0 ? null : `Times: ${said.join(", ")}.`;
}

function hops(row: Row): readonly string[] {
  const followed = row["hops"];
  if (followed === undefined || !isList(followed)) return [];
  const said = followed.filter(isMembers).map((hop, at) => `Hop ${at + 1}: ${text(hop["url"])}, Host ${text(hop["host"]) || "none"}, at ${text(hop["address"])}: ${text(hop["reason"])}.`);
  return [...said, `Redirects: ${text(row["end"])}.`];
}

function certificate(found: Json | undefined): string | null {
  if (found === undefined || !isMembers(found)) return null;
  const list = (key: string) => (found[key] !== undefined && isList(found[key]) ? found[key].map(text).join(", ") : "");
  const trust = found["trusted"] === true ? "trusted where it was asked" : `not trusted where it was asked (${text(found["distrust"])})`;
  return `Certificate: ${list("names") || text(found["subject"])}; ends ${text(found["validTo"]).slice(0, 10)}, ${text(found["daysLeft"])} days left; ${trust}; chain: ${list("chain")}; ${text(found["protocol"])}.`;
}

function tries(tried: Json | undefined): string | null {
  if (tried === undefined || !isList(tried)) return null;
  return `Tries: ${tried.filter(isMembers).map((one) => `${text(one["verdict"])} (${text(one["reason"])})`).join(", ")}.`;
}

function text(value: Json | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
