import type { Json } from "../../runbooks/runbook.ts";
import { isList, isMembers } from "../transcript/json.ts";
import { html, type Html } from "./markup.ts";
import { folded, table } from "./pieces.ts";

/** What a check's way of asking rests on, how sure that is, and from where: a reader must be able to doubt us. */
export function grounds(result: Json): Html {
  const profiles = isMembers(result) && isList(result.profiles) ? result.profiles : [];
  const rows = profiles.flatMap((profile) => {
    if (!isMembers(profile) || !isList(profile.facts)) return [];
    return profile.facts.flatMap((fact) => (isMembers(fact) ? [[said(profile.name), said(fact.fact), said(fact.certainty), said(fact.source)]] : []));
  });
  if (rows.length === 0) return html``;
  const columns = [{ label: "Asked as", kind: "name" as const }, { label: "What is known of it" }, { label: "How surely", kind: "name" as const }, { label: "From" }];
  return folded("What this way of asking rests on", table(columns, rows));
}

function said(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
