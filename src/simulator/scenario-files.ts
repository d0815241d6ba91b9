import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { z } from "zod";
import { DrillbookError } from "../errors.ts";
import { checkedFile, type FaultAt } from "../runbooks/checked-file.ts";
import type { Path } from "../runbooks/parse/yaml.ts";
import type { Json } from "../runbooks/runbook.ts";
import type { Estate } from "./estate.ts";
import { looseEndsOf, strangersIn } from "./estate-names.ts";
import type { Misfortune } from "./misfortunes.ts";
import { estateFile, scenarioFile } from "./scenario-schema.ts";

/** An estate and a script of misfortunes, as a trainer writes it. */
export type Scenario = { readonly name: string; readonly teaches: string; /** What to look at while it runs. */ readonly watch: string; readonly estate: Estate; readonly misfortunes: readonly Misfortune[] };

const shipped = fileURLToPath(new URL("../../scenarios/", import.meta.url));

/** The scenarios that ship, by name. */
export function shippedScenarios(): readonly string[] {
  return readdirSync(shipped).filter((file) => file.endsWith(".yaml")).map((file) => basename(file, ".yaml")).sort();
}

/**
 * A scenario that ships, by its name, or one in a file. Throws `bad-input` with file, line and column of the first fault,
 * `not-found` when there is none.
 */
export function readScenario(nameOrFile: string): Scenario {
  return scenarioIn(fileOf(nameOrFile, shipped, "scenario", shippedScenarios()));
}

/** An estate that ships, by its name, or one in a file. Throws as `readScenario` does. */
export function readEstate(nameOrFile: string, beside = process.cwd()): Estate {
  const folder = join(shipped, "estates");
  const names = readdirSync(folder).map((file) => basename(file, ".yaml")).sort();
  const file = /[/\\]|\.ya?ml$/i.test(nameOrFile) ? resolve(beside, nameOrFile) : fileOf(nameOrFile, folder, "estate", names);
  const { data, fault } = checked(file, estateFile);
  for (const { path, what } of looseEndsOf(data)) throw fault(path, what, "Name what the estate has.");
  return data;
}

function scenarioIn(file: string): Scenario {
  const { data, fault } = checked(file, scenarioFile);
  const estate: Estate = typeof data.estate === "string" ? estateFor(data.estate, file, fault) : data.estate;
  if (typeof data.estate !== "string") for (const { path, what } of looseEndsOf(estate)) throw fault(["estate", ...path], what, "Name what the estate has.");
  for (const { path, what } of strangersIn(estate, data.misfortunes)) throw fault(["misfortunes", ...path], what, "Name what the scenario's estate has.");
  return { name: data.name, teaches: data.teaches, watch: data.watch ?? "", estate, misfortunes: data.misfortunes };
}

function estateFor(name: string, file: string, fault: (path: Path, message: string, suggestion: string) => DrillbookError): Estate {
  try {
    return readEstate(name, dirname(file));
  } catch (cause) {
    // A fault inside the other file has its own place; a name that leads nowhere is a fault of this one.
    if (cause instanceof DrillbookError && cause.code === "not-found") throw fault(["estate"], cause.message, cause.suggestion);
    throw cause;
  }
}

/** Paths win over names only when they look like one: `calm` is a scenario wherever one stands. */
function fileOf(nameOrFile: string, folder: string, what: string, names: readonly string[]): string {
  if (/[/\\]|\.ya?ml$/i.test(nameOrFile)) return resolve(nameOrFile);
  if (names.includes(nameOrFile)) return join(folder, `${nameOrFile}.yaml`);
  throw new DrillbookError("not-found", `There is no ${what} "${nameOrFile}".`, `Choose one of: ${names.join(", ")}; or give the path of a file.`);
}

function checked<T>(file: string, schema: z.ZodType<T>) {
  const prepare = (value: Json, fault: FaultAt): Json => withHashes(value, dirname(file), (path, message) => fault(path, message, "Write the path of a script, from the folder of this file on."));
  return checkedFile(file, contents(file), { schema, code: "bad-input", no: "This has not the expected form.", mostBytes: 262_144, prepare });
}

/** Puts the hash of a script's bytes where a file names the script by its path. */
function withHashes(value: Json, folder: string, fault: (path: Path, message: string) => DrillbookError, path: Path = []): Json {
  if (isList(value)) return value.map((one, index) => withHashes(one, folder, fault, [...path, index]));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => {
      const isPath = key === "script" && typeof one === "string" && /[./\\]/.test(one);
      return [key, isPath ? hashOf(one, folder, () => fault([...path, key], `The script ${one} cannot be read.`)) : withHashes(one, folder, fault, [...path, key])];
    }),
  );
}

function hashOf(script: string, folder: string, fault: () => DrillbookError): string {
  const file = isAbsolute(script) ? script : join(folder, script);
  if (!existsSync(file)) throw fault();
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

function contents(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new DrillbookError("not-found", `${file} cannot be read.`, "Check the path.", { cause });
  }
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}
