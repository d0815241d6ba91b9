import type { People } from "../people/people.ts";
import type { SourceFile } from "../runbooks/compiler.ts";
import type { Compiled } from "../runbooks/compile.ts";

/** Of the configuration, what the child needs to know what there is. */
export type ChildSettings = {
  readonly profiles: string | null;
  readonly resources: ReadonlyMap<string, string>;
  readonly people: People;
  readonly peopleFile: string | null;
};

/** The part of a configuration that may go to the child: no credential is in it. */
export function childSettings({ profiles, resources, people, peopleFile }: ChildSettings): ChildSettings {
  return { profiles, resources, people, peopleFile };
}

export type Request = { readonly id: number; readonly source: SourceFile; readonly beside: readonly SourceFile[] };
export type Reply = { readonly ready: true } | { readonly id: number; readonly compiled: Compiled };
