import { mapStrings } from "./fill.ts";
import { placeholdersIn, replacePlaceholders } from "./placeholder.ts";
import type { Json } from "./runbook.ts";

/** Alias to the full Azure id, as the configuration says: a runbook carries no tenant's ids. */
export type Resources = ReadonlyMap<string, string>;

const prefix = "resource.";

/** The alias in `${resource.alias}`; null for the name of a parameter. */
export function aliasIn(name: string): string | null {
  return name.startsWith(prefix) ? name.slice(prefix.length) : null;
}

/** Keys and values with every known `${resource.alias}` replaced. What is not known stays, and a rule says so. */
export function putResources(own: Readonly<Record<string, Json>>, resources: Resources | undefined): Readonly<Record<string, Json>> {
  if (resources === undefined || resources.size === 0) return own;
  const put = (text: string): string =>
    placeholdersIn(text).some(({ name }) => aliasIn(name) !== null)
      ? replacePlaceholders(text.replaceAll("$${", () => "$$${"), (name) => resources.get(aliasIn(name) ?? "") ?? `\${${name}}`)
      : text;
  return Object.fromEntries(Object.entries(own).map(([key, value]) => [key, mapStrings(value, put)]));
}

/** The id that an alias stands for; anything else stays as it is. An id begins with a slash and an alias never does. */
export function idOfResource(value: string, resources: Resources | undefined): string {
  return value.startsWith("/") ? value : (resources?.get(value) ?? value);
}
