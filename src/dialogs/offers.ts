/** A value that a person can choose for a parameter. */
export type Offer = { readonly title: string; readonly value: string };

/** `silent`: why Azure could not be asked for some of them; null when it answered. */
export type Offers = { readonly byParameter: Readonly<Record<string, readonly Offer[]>>; readonly silent: string | null };

/** Short names stand for the full ids that Azure offers under them; everything else stays as it was given. */
export function fullValues(offers: Offers, given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const offer = (Object.hasOwn(offers.byParameter, name) ? offers.byParameter[name] : undefined)?.find((o) => o.title.toLowerCase() === value.toLowerCase() || o.value.toLowerCase() === value.toLowerCase());
      return [name, offer?.value ?? value];
    }),
  );
}
