import { Secret } from "./secret.ts";

/** What a setting's text means, or what is wrong with it in words that follow "PORT". */
type Reading<T> = { readonly value: T } | { readonly problem: string };

/** A row of the table: how a setting's text is read, and what the page says of it. */
export type Setting<T> = {
  /** The text that stands when nothing is set; null: there is none. */
  readonly default: string | null;
  readonly meaning: string;
  readonly read: (text: string) => Reading<T>;
};

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Every setting there is. `docs/settings.md` is made from this table. */
export const settings = {
  PORT: {
    default: "3978",
    meaning: "The port to listen on; 0 takes any free one.",
    read: wholeNumber(0, 65_535),
  },
  DRILLBOOK_DATA: {
    default: ".drillbook",
    meaning: "The folder of the embedded store: drills, evidence and its keys, and Drillbook's own code made ready for the next start. Made when it is missing.",
    read: path,
  },
  DATABASE_URL: {
    default: null,
    meaning: "A PostgreSQL database (13 or later) that takes the embedded store's place: `postgres://user:password@host:5432/name`. It is never logged.",
    read: databaseUrl,
  },
  DRILLBOOK_RUNBOOKS: {
    default: "runbooks",
    meaning: "The folder that the runbooks are read from.",
    read: path,
  },
  DRILLBOOK_PROFILES: {
    default: null,
    meaning: "A folder of further load balancer profiles, one YAML or JSON file each, beside those that Drillbook brings along.",
    read: path,
  },
  DRILLBOOK_RESOURCES: {
    default: null,
    meaning: "A YAML file of aliases for Azure resources, one `alias: /subscriptions/...` a line, so that runbooks carry no tenant's ids.",
    read: path,
  },
  DRILLBOOK_PEOPLE: {
    default: null,
    meaning: "A YAML file with `people` and `groups`. Without it the rehearsal people stand in.",
    read: path,
  },
  DRILLBOOK_AZURE: {
    default: "simulator",
    meaning: "`simulator` rehearses against a simulated Azure; `azure` drives the real one and needs the bot's credentials.",
    read: oneOf("simulator", "azure"),
  },
  DRILLBOOK_AZURE_CLOUD: {
    default: "public",
    meaning: "The cloud that `azure` means: `public`, `china` or `usgov`.",
    read: oneOf("public", "china", "usgov"),
  },
  DRILLBOOK_AZURE_SUBSCRIPTIONS: {
    default: null,
    meaning: "The subscriptions that Drillbook may touch with `azure`: their ids, apart by commas. Needed then.",
    read: guidList,
  },
  DRILLBOOK_STANDS_ON: {
    default: null,
    meaning: "The Azure resources that Drillbook itself stands on, apart by commas: its host, its database, its identity. A drill that would fail them over is told before it starts.",
    read: resourceIds,
  },
  DRILLBOOK_SCENARIO: {
    default: "calm",
    meaning: "What goes wrong in simulated Azure: a scenario that ships, by its name, or the path of a file. See docs/simulator.md.",
    read: path,
  },
  DRILLBOOK_SIMULATOR_PACE: {
    default: "10",
    meaning: "How many times faster than life the simulator runs, from 1 to 1000.",
    read: pace,
  },
  DRILLBOOK_BOT_APP_ID: {
    default: null,
    meaning: "The bot's app id. With it the bot listens for Teams and the local console is off.",
    read: guidText,
  },
  DRILLBOOK_BOT_APP_TYPE: {
    default: null,
    meaning: "How the bot signs in: `SingleTenant` with a password, or `UserAssignedMSI` without one.",
    read: oneOf("SingleTenant", "UserAssignedMSI"),
  },
  DRILLBOOK_BOT_TENANT_ID: {
    default: null,
    meaning: "The tenant that the bot's app is registered in.",
    read: guidText,
  },
  DRILLBOOK_BOT_APP_PASSWORD: {
    default: null,
    meaning: "The client secret of a `SingleTenant` bot. It is never logged.",
    read: (text: string): Reading<Secret> => ({ value: new Secret(text) }),
  },
  DRILLBOOK_PUBLIC_URL: {
    default: null,
    meaning: "Where people's browsers reach this server, such as `https://drills.contoso.example`. With it and the auditor's app, the auditor's pages are served.",
    read: publicUrl,
  },
  DRILLBOOK_AUDITOR_APP_ID: {
    default: null,
    meaning: "The app id of the auditor's pages: an app registration of their own, with the redirect URI `<public url>/auditor/callback` and the app role `Drillbook.Auditor`.",
    read: guidText,
  },
  DRILLBOOK_AUDITOR_APP_SECRET: {
    default: null,
    meaning: "The client secret of the auditor's app. It is never logged.",
    read: (text: string): Reading<Secret> => ({ value: new Secret(text) }),
  },
  DRILLBOOK_SIGNING_KEY: {
    default: null,
    meaning: "The P-256 key in Azure Key Vault that signs the evidence of real drills: `https://<vault>.vault.azure.net/keys/<name>/<version>`. Without it a local key signs.",
    read: keyIdentifier,
  },
  DRILLBOOK_TIMESTAMP_URL: {
    default: null,
    meaning: "An RFC 3161 time-stamping authority that dates every checkpoint.",
    read: httpUrl,
  },
  DRILLBOOK_ANCHOR_CONTAINER: {
    default: null,
    meaning: "A blob container, best with a locked immutability policy and in another subscription, that keeps a copy of every checkpoint: `https://<account>.blob.core.windows.net/<container>`.",
    read: httpUrl,
  },
  DRILLBOOK_LOG_LEVEL: {
    default: "warn",
    meaning: "The least that is logged, to stderr: `trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`.",
    read: oneOf("trace", "debug", "info", "warn", "error", "fatal", "silent"),
  },
} as const satisfies Record<string, Setting<unknown>>;

/** The table for people: one row a setting, in Markdown. */
export function settingsTable(): string {
  const rows = Object.entries<Setting<unknown>>(settings).map(
    ([name, setting]) => `| \`${name}\` | ${setting.default === null ? "" : `\`${setting.default}\``} | ${setting.meaning} |`,
  );
  return ["| Setting | Default | Meaning |", "|---|---|---|", ...rows].join("\n");
}

function wholeNumber(least: number, greatest: number): (text: string) => Reading<number> {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= least && value <= greatest ? { value } : { problem: `must be a whole number from ${least} to ${greatest}` };
  };
}

function pace(text: string): Reading<number> {
  const value = /^\d{1,4}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  return value >= 1 && value <= 1000 ? { value } : { problem: "must be a number from 1 to 1000" };
}

function oneOf<const T extends string>(...choices: readonly T[]): (text: string) => Reading<T> {
  return (text) => {
    const value = choices.find((choice) => choice === text);
    return value === undefined ? { problem: `must be one of ${choices.join(", ")}` } : { value };
  };
}

function guidText(text: string): Reading<string> {
  return guid.test(text) ? { value: text.toLowerCase() } : { problem: "must be a GUID such as 00000000-0000-0000-0000-000000000000" };
}

function guidList(text: string): Reading<readonly string[]> {
  const ids = text.split(",").map((id) => id.trim().toLowerCase());
  return ids.every((id) => guid.test(id)) ? { value: ids } : { problem: "must be subscription ids (GUIDs) apart by commas" };
}

function resourceIds(text: string): Reading<readonly string[]> {
  const ids = text.split(",").map((id) => id.trim());
  const fits = ids.every((id) => /^\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/[^/\s]+(?:\/[^/\s]+\/[^/\s]+)+$/i.test(id));
  return fits ? { value: ids } : { problem: "must be Azure resource ids (/subscriptions/…) apart by commas" };
}

/** Says of a wrong one only what is wrong, never what was given. */
function databaseUrl(text: string): Reading<Secret> {
  const problem = "must be a URL such as postgres://user:password@host:5432/name";
  if (!URL.canParse(text)) return { problem };
  const { protocol, hostname, pathname, searchParams } = new URL(text);
  if (protocol !== "postgres:" && protocol !== "postgresql:") return { problem };
  if (hostname === "" && !searchParams.has("host")) return { problem: `${problem}; it names no host` };
  return /^\/[^/]+$/.test(pathname) ? { value: new Secret(text) } : { problem: `${problem}; it names no database` };
}

/** Sessions and codes travel over it: plain http is for this machine alone. */
function publicUrl(text: string): Reading<string> {
  const url = URL.canParse(text) ? new URL(text) : null;
  const fits = url !== null && (url.protocol === "https:" || (url.protocol === "http:" && url.hostname === "127.0.0.1")) && url.pathname === "/" && url.search === "" && url.username === "";
  return fits ? { value: url.origin } : { problem: "must be an https address without path, such as https://drills.contoso.example" };
}

function keyIdentifier(text: string): Reading<string> {
  const fits = /^https:\/\/[a-z0-9-]+\.vault\.[a-z.]+\/keys\/[A-Za-z0-9-]+\/[0-9a-f]{32}$/.test(text);
  return fits ? { value: text } : { problem: "must be a key identifier with its version, such as https://contoso.vault.azure.net/keys/drillbook/0123456789abcdef0123456789abcdef" };
}

function httpUrl(text: string): Reading<string> {
  const url = URL.canParse(text) ? new URL(text) : null;
  const fits = url !== null && (url.protocol === "https:" || url.protocol === "http:") && url.username === "" && url.search === "";
  return fits ? { value: text } : { problem: "must be an address without user, password or query" };
}

function path(text: string): Reading<string> {
  return text.includes("\0") ? { problem: "must be a path" } : { value: text };
}
