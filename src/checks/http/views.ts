import { DrillbookError } from "../../errors.ts";
import { builtInProfiles } from "./profile-files.ts";
import type { Form, Profile } from "./profile.ts";

/** One column of the grid: a profile in one of its forms. */
export type View = { readonly profile: Profile; readonly form: Form };

/** The profiles that there are, and the names that mean one of their forms. */
export type Views = {
  readonly profiles: readonly Profile[];
  /** Every name that `as` and `compare` take: a profile, or one of its forms where it has several. */
  readonly names: readonly string[];
};

/** Our own profiles with those of the user behind them. Throws `bad-setting` for a name that is taken, or compared with and unknown. */
export function viewsOf(added: readonly Profile[] = []): Views {
  const profiles = [...builtInProfiles, ...added];
  const names = profiles.flatMap(namesOf);
  for (const profile of added) {
    const twice = namesOf(profile).find((name) => names.indexOf(name) !== names.lastIndexOf(name));
    if (twice !== undefined) throw new DrillbookError("bad-setting", `There are two profiles called ${twice}.`, "Rename the added one: what a name means in a runbook must not change.");
    const unknown = profile.compare.find((name) => !names.includes(name));
    if (unknown !== undefined) throw new DrillbookError("bad-setting", `The profile ${profile.name} compares with ${unknown}, which there is not.`, `There are ${names.join(", ")}.`);
  }
  return { profiles, names };
}

export const builtInViews: Views = viewsOf();

function namesOf(profile: Profile): readonly string[] {
  return [profile.name, ...(profile.forms.length > 1 ? profile.forms.map((form) => `${profile.name}-${form.name}`) : [])];
}

/**
 * The view that a name means. A bare profile name means the form that fits: with a Host when the check names a host,
 * otherwise the form that needs none. Undefined when the name is unknown or its form needs a host that is not given.
 */
export function findView({ profiles }: Views, name: string, hasHost: boolean): View | undefined {
  for (const profile of profiles) {
    const form =
      name === profile.name
        ? profile.forms.find((f) => hasHost || f.host !== "given")
        : profile.forms.find((f) => name === `${profile.name}-${f.name}` && (hasHost || f.host !== "given"));
    if (form) return { profile, form };
  }
  return undefined;
}

/** The columns in the order to show, and which of them decides. A view is shown once, however often it was named. */
export function chooseViews(views: Views, as: readonly string[], compare: readonly string[] | undefined, hasHost: boolean): { readonly decides: View | undefined; readonly shown: readonly View[] } {
  const [first = "", ...others] = as;
  const decides = findView(views, first, hasHost);
  const beside = compare ?? (others.length > 0 ? [] : (decides?.profile.compare ?? []));
  const besides = [...others, ...beside].flatMap((name) => findView(views, name, hasHost) ?? []);
  const all = decides && !besides.some((view) => view.form === decides.form) ? [decides, ...besides] : besides;
  return { decides, shown: all.filter((view, index) => all.findIndex((v) => v.form === view.form) === index) };
}
