/** Who reads: how they write dates and times, and what their clock shows. `timeZone` is an IANA name. */
export type Reader = { readonly locale: string; readonly timeZone: string };

/** Whoever nothing is known of, and everybody at once. */
export const universal: Reader = { locale: "en-GB", timeZone: "UTC" };

/** To ask the system takes longer than all the rest of a message's way in, and the same few come again and again. */
const asked = new Map<string, boolean>();
const mostAsked = 500;

/** Whether the system knows this locale and time zone. */
export function isReader({ locale, timeZone }: Reader): boolean {
  const key = `${locale} ${timeZone}`;
  const known = asked.get(key) ?? isKnown(locale, timeZone);
  if (asked.size < mostAsked) asked.set(key, known);
  return known;
}

function isKnown(locale: string, timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat(locale, { timeZone });
    return true;
  } catch {
    return false;
  }
}

/**
 * A moment as the card language writes it: whoever draws the card puts the reader's own clock in its place, so that one
 * card serves a chat of several time zones. In words, `timesInWords` does the same.
 */
export function timeToken(iso: string): string {
  return `{{TIME(${wholeSeconds(iso)})}}`;
}

/** The date beside the time, for what may be another day. */
export function dateAndTimeToken(iso: string): string {
  return `{{DATE(${wholeSeconds(iso)}, COMPACT)}} {{TIME(${wholeSeconds(iso)})}}`;
}

const token = /\{\{(DATE|TIME)\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)(?:, (?:COMPACT|SHORT|LONG))?\)\}\}/gu;

/** Replaces every moment by what the reader's clock shows, with its zone, because words are passed on. */
export function timesInWords(words: string, { locale, timeZone }: Reader): string {
  return words.replaceAll(token, (_, kind: string, iso: string) => {
    const form: Intl.DateTimeFormatOptions =
      kind === "DATE" ? { year: "numeric", month: "short", day: "numeric" } : { hour: "2-digit", minute: "2-digit", timeZoneName: "short" };
    return new Intl.DateTimeFormat(locale, { ...form, timeZone }).format(new Date(iso));
  });
}

/** The card language knows no fractions of a second. */
function wholeSeconds(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 19)}Z`;
}
