import { azureLoadBalancer } from "./profiles/azure-load-balancer.ts";
import { browser } from "./profiles/browser.ts";
import { haproxy } from "./profiles/haproxy.ts";
import { kempLoadmaster } from "./profiles/kemp-loadmaster.ts";
import type { Form, Profile } from "./profile.ts";

export const profiles: readonly Profile[] = [browser, kempLoadmaster, haproxy, azureLoadBalancer];

/** One column of the grid: a profile in one of its forms. */
export type View = { readonly profile: Profile; readonly form: Form };

/** Every name that `as` and `compare` take: a profile, or one of its forms where it has several. */
export const viewNames: readonly string[] = profiles.flatMap((profile) => [
  profile.name,
  ...(profile.forms.length > 1 ? profile.forms.map((form) => `${profile.name}-${form.name}`) : []),
]);

/**
 * The view that a name means. A bare profile name means the form that fits: with a Host when the check names a host,
 * otherwise the form that needs none. Undefined when the name is unknown or its form needs a host that is not given.
 */
export function findView(name: string, hasHost: boolean): View | undefined {
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
export function chooseViews(as: readonly string[], compare: readonly string[] | undefined, hasHost: boolean): { readonly decides: View | undefined; readonly shown: readonly View[] } {
  const [first = "", ...others] = as;
  const decides = findView(first, hasHost);
  const beside = compare ?? (others.length > 0 ? [] : (decides?.profile.compare ?? []));
  const besides = [...others, ...beside].flatMap((name) => findView(name, hasHost) ?? []);
  const all = decides && !besides.some((view) => view.form === decides.form) ? [decides, ...besides] : besides;
  return { decides, shown: all.filter((view, index) => all.findIndex((v) => v.form === view.form) === index) };
}
