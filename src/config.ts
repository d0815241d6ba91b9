import { readFileSync } from "node:fs";
import { DrillbookError } from "./errors.ts";
import { readPeople } from "./people/people-file.ts";
import type { People } from "./people/people.ts";
import { rehearsalPeople } from "./people/rehearsal-people.ts";
import { didYouMean } from "./runbooks/nearest.ts";
import { readResources } from "./runbooks/resources-file.ts";
import type { Resources } from "./runbooks/resources.ts";
import { Secret } from "./secret.ts";
import { settings } from "./settings.ts";
import type { Setting } from "./settings.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** How the bot proves to Teams who it is. */
export type BotCredentials = { readonly appId: string; readonly tenantId: string } & (
  | { readonly appType: "SingleTenant"; readonly password: Secret }
  | { readonly appType: "UserAssignedMSI" }
);

/** How auditors reach their pages and sign in. */
export type AuditorAccess = { readonly publicUrl: string; readonly appId: string; readonly secret: Secret; readonly tenantId: string };

export type AzureChoice =
  | { readonly kind: "simulator"; readonly pace: number; /** By name or path; the calm one when absent. */ readonly scenario?: string }
  | { readonly kind: "azure"; readonly cloud: "public" | "china" | "usgov"; readonly subscriptions: readonly string[] };

/** Everything that can be set, checked and frozen. The console is on exactly when there are no bot credentials. */
export type Config = {
  readonly port: number;
  readonly host: string;
  readonly console: boolean;
  readonly data: string;
  /** The PostgreSQL database that takes the embedded store's place; null: the embedded one. */
  readonly database: Secret | null;
  readonly runbooks: string;
  /** A folder of further load balancer profiles; null: none. */
  readonly profiles: string | null;
  /** Aliases of Azure resources that runbooks may use. */
  readonly resources: Resources;
  readonly people: People;
  /** The people file; null: the rehearsal people stand in. */
  readonly peopleFile: string | null;
  readonly azure: AzureChoice;
  /** Ids of the Azure resources that Drillbook itself stands on. */
  readonly standsOn: readonly string[];
  readonly bot: BotCredentials | null;
  /** The auditor's pages beside Teams; null: they are not served there. */
  readonly auditor: AuditorAccess | null;
  /** What stands behind the evidence beside the local key; null: nothing more. */
  readonly evidence: { readonly signingKey: string | null; readonly timestampUrl: string | null; readonly anchorContainer: string | null };
  readonly logLevel: ValueOf<"DRILLBOOK_LOG_LEVEL">;
};

type Name = keyof typeof settings;
type ValueOf<N extends Name> = Extract<ReturnType<(typeof settings)[N]["read"]>, { readonly value: unknown }>["value"];

/** Every secret of a configuration, in each form that could reach a log. */
export function secretsOf({ bot, database, auditor }: Config): readonly Secret[] {
  const password = database === null ? "" : decodeURIComponent(new URL(database.reveal()).password);
  return [
    ...(bot?.appType === "SingleTenant" ? [bot.password] : []),
    ...(auditor === null ? [] : [auditor.secret]),
    ...(database === null ? [] : [database]),
    ...(password === "" ? [] : [new Secret(password)]),
  ];
}

/**
 * The configuration of one process. An empty value counts as not set. Throws `bad-setting` naming the setting, the
 * problem and the remedy; never puts a setting's value into a text when it may be a secret.
 */
export function readConfig(env: Environment, readFile: (path: string) => string = readText): Config {
  refuseUnknown(env);
  const bot = botCredentials(env);
  const peopleFile = read(env, "DRILLBOOK_PEOPLE");
  const resourcesFile = read(env, "DRILLBOOK_RESOURCES");
  return deepFreeze({
    port: required(env, "PORT"),
    // Without credentials nobody who writes to the bot is authenticated: only this machine may reach it then.
    host: bot === null ? "127.0.0.1" : "0.0.0.0",
    console: bot === null,
    data: required(env, "DRILLBOOK_DATA"),
    database: read(env, "DATABASE_URL"),
    runbooks: required(env, "DRILLBOOK_RUNBOOKS"),
    profiles: read(env, "DRILLBOOK_PROFILES"),
    resources: resourcesFile === null ? new Map() : readResources(contents("DRILLBOOK_RESOURCES", resourcesFile, readFile), resourcesFile),
    people: peopleFile === null ? rehearsalPeople : readPeople(contents("DRILLBOOK_PEOPLE", peopleFile, readFile), peopleFile),
    peopleFile,
    azure: azureChoice(env, bot),
    standsOn: read(env, "DRILLBOOK_STANDS_ON") ?? [],
    bot,
    auditor: auditorAccess(env, bot),
    evidence: { signingKey: read(env, "DRILLBOOK_SIGNING_KEY"), timestampUrl: read(env, "DRILLBOOK_TIMESTAMP_URL"), anchorContainer: read(env, "DRILLBOOK_ANCHOR_CONTAINER") },
    logLevel: required(env, "DRILLBOOK_LOG_LEVEL"),
  });
}

function refuseUnknown(env: Environment): void {
  const known = Object.keys(settings);
  for (const name of Object.keys(env)) {
    if (!/^DRILLBOOK_/i.test(name) || known.includes(name)) continue;
    throw bad(`${name} is not a setting of Drillbook.`, `${didYouMean(name, known, "")} Remove it or correct its name.`);
  }
}

function azureChoice(env: Environment, bot: BotCredentials | null): AzureChoice {
  const kind = required(env, "DRILLBOOK_AZURE");
  const pace = required(env, "DRILLBOOK_SIMULATOR_PACE");
  const cloud = required(env, "DRILLBOOK_AZURE_CLOUD");
  if (kind === "simulator") return { kind, pace, scenario: required(env, "DRILLBOOK_SCENARIO") };
  if (bot !== null) return { kind, cloud, subscriptions: required(env, "DRILLBOOK_AZURE_SUBSCRIPTIONS") };
  throw bad(
    "DRILLBOOK_AZURE is azure, but there are no bot credentials: anybody at the local console could start a real failover.",
    "Set DRILLBOOK_BOT_APP_ID, DRILLBOOK_BOT_APP_TYPE and DRILLBOOK_BOT_TENANT_ID, or leave DRILLBOOK_AZURE at simulator.",
  );
}

function auditorAccess(env: Environment, bot: BotCredentials | null): AuditorAccess | null {
  const publicUrl = read(env, "DRILLBOOK_PUBLIC_URL");
  const appId = read(env, "DRILLBOOK_AUDITOR_APP_ID");
  const secret = read(env, "DRILLBOOK_AUDITOR_APP_SECRET");
  if (appId === null && secret === null) return null;
  if (bot === null) throw bad("DRILLBOOK_AUDITOR_APP_ID is set, but there are no bot credentials.", "At the local console whoever has its link reads the pages: remove the DRILLBOOK_AUDITOR_ settings, or set the bot's.");
  if (appId === null || secret === null || publicUrl === null) {
    throw bad("The auditor's pages need DRILLBOOK_PUBLIC_URL, DRILLBOOK_AUDITOR_APP_ID and DRILLBOOK_AUDITOR_APP_SECRET together.", "Set all three, or remove the DRILLBOOK_AUDITOR_ settings.");
  }
  return { publicUrl, appId, secret, tenantId: bot.tenantId };
}

function botCredentials(env: Environment): BotCredentials | null {
  const appId = read(env, "DRILLBOOK_BOT_APP_ID");
  const appType = read(env, "DRILLBOOK_BOT_APP_TYPE");
  const tenantId = read(env, "DRILLBOOK_BOT_TENANT_ID");
  const password = read(env, "DRILLBOOK_BOT_APP_PASSWORD");
  if (appId === null && appType === null && tenantId === null && password === null) return null;
  if (appId === null) throw missing("DRILLBOOK_BOT_APP_ID");
  if (appType === null) throw missing("DRILLBOOK_BOT_APP_TYPE");
  if (tenantId === null) throw missing("DRILLBOOK_BOT_TENANT_ID");
  if (appType === "SingleTenant") {
    if (password === null) throw missing("DRILLBOOK_BOT_APP_PASSWORD");
    return { appId, tenantId, appType, password };
  }
  if (password === null) return { appId, tenantId, appType };
  throw bad(
    "DRILLBOOK_BOT_APP_PASSWORD is set, but a UserAssignedMSI bot has no password.",
    "Remove DRILLBOOK_BOT_APP_PASSWORD, or set DRILLBOOK_BOT_APP_TYPE to SingleTenant.",
  );
}

function missing(name: Name): DrillbookError {
  return bad(
    `${name} is not set, but other settings of the bot are.`,
    `Set ${name} (${settings[name].meaning}), or remove every DRILLBOOK_BOT_ setting to use the local console.`,
  );
}

function required<N extends Name>(env: Environment, name: N): ValueOf<N> {
  const value = read(env, name);
  if (value === null) throw bad(`${name} is not set.`, `Set ${name}: ${settings[name].meaning}`);
  return value;
}

function read<N extends Name>(env: Environment, name: N): ValueOf<N> | null {
  const setting: Setting<unknown> = settings[name];
  const text = env[name] || setting.default;
  if (text === null) return null;
  const reading = setting.read(text) as { readonly value: ValueOf<N> } | { readonly problem: string };
  if ("value" in reading) return reading.value;
  throw bad(`${name} ${reading.problem}.`, `Correct or remove ${name}: ${setting.meaning}`);
}

function contents(name: Name, file: string, readFile: (path: string) => string): string {
  try {
    return readFile(file);
  } catch (cause) {
    throw bad(`${name}: ${file} cannot be read.`, "Check the path and that this process may read it.", cause);
  }
}

function readText(path: string): string {
  return readFileSync(path, "utf8");
}

function bad(message: string, suggestion: string, cause?: unknown): DrillbookError {
  return new DrillbookError("bad-setting", message, suggestion, cause === undefined ? undefined : { cause });
}

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) {
    if (typeof member === "object" && member !== null && !Object.isFrozen(member)) deepFreeze(member);
  }
  return Object.freeze(value);
}
