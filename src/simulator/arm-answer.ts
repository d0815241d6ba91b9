import type { Json } from "../runbooks/runbook.ts";

/** An answer before it is sent; `body` absent: none at all. */
export type ArmAnswer = { readonly status: number; readonly body?: Json; readonly headers?: Readonly<Record<string, string | readonly string[]>> };

/** A request as a route sees it: names from the path as they were written. */
export type ArmRequest = {
  readonly method: string;
  readonly url: URL;
  readonly names: Readonly<Record<string, string>>;
  readonly body: Json;
  readonly clientRequestId: string;
  /** `If-Match` and `If-None-Match`; empty when absent. */
  readonly ifMatch: string;
  readonly ifNoneMatch: string;
};

/** 200 with this body. */
export function ok(body: Json): ArmAnswer {
  return { status: 200, body };
}

/** A list in Resource Manager's shape, always on one page. */
export function list(value: readonly Json[]): ArmAnswer {
  return { status: 200, body: { value, nextLink: null } };
}

/** An error in Resource Manager's shape, with the details that Site Recovery adds when it has advice. */
export function armError(status: number, code: string, message: string, advice?: { readonly possibleCauses: string; readonly recommendedAction: string }): ArmAnswer {
  const details = advice === undefined ? [] : [{ code, message, ...advice }];
  return { status, body: { error: { code, message, target: null, details, innererror: null } } };
}

/** 404 in Resource Manager's words; `what` is put in as it stands. */
export function notFound(what: string): ArmAnswer {
  return armError(404, "ResourceNotFound", `The resource ${what} was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`);
}

/** The value at a path inside a JSON body; undefined when it is not there. */
export function at(json: Json | undefined, ...path: readonly string[]): Json | undefined {
  let here = json;
  for (const key of path) {
    if (here === null || typeof here !== "object" || Array.isArray(here)) return undefined;
    here = Object.entries(here).find(([name]) => name === key)?.[1];
  }
  return here;
}

/** The text at a path inside a JSON body; empty when there is none. */
export function textAt(json: Json | undefined, ...path: readonly string[]): string {
  const value = at(json, ...path);
  return typeof value === "string" ? value : "";
}

/** A JSON object's fields; none for anything else. */
export function fieldsOf(json: Json | undefined): { readonly [key: string]: Json } {
  return json !== null && json !== undefined && typeof json === "object" && !isList(json) ? json : {};
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}
