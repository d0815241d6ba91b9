import { Secret } from "./secret.ts";

const struck = "[redacted]";

/** Parts of a key's name (letters and digits, lower case) that make its value a secret. */
const secretKeys = /authorization|cookie|password|passwd|secret|token|assertion|credential|signature|accountkey|apikey|privatekey|connectionstring|^sas$|^sig$/;

/** Names that only sound like it: they say of a secret what may be known. */
const harmlessKeys: ReadonlySet<string> = new Set(["tokenexpireson", "tokentype", "secretname", "secretversion", "credentialkind"]);

/** Secrets that show themselves by their form, in any text. */
const secretForms: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]{8,}\.[\w-]{4,}(\.[\w-]*)*/g, struck],
  [/\b(Bearer|Basic|SharedKey|SharedAccessSignature)\s+[^\s"',;\\]{6,}/gi, `$1 ${struck}`],
  [/\b(sig|signature|code|access_token|refresh_token|id_token|client_secret|client_assertion|password)=[^&\s"'<>;\\]+/gi, `$1=${struck}`],
  [/\b(AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd)\s*=\s*[^;\s"'\\]+/gi, `$1=${struck}`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)/gs, struck],
];

/** Strikes out of a text what must reach no log, card or evidence. */
export type Redactor = (text: string) => string;

/** A redactor that knows the forms of common secrets, and our own secrets by value, also as JSON and URLs write them. */
export function redactor(secrets: readonly Secret[]): Redactor {
  const values = secrets.map((secret) => secret.reveal()).filter((value) => value !== "");
  const spellings = new Set(values.flatMap((v) => [v, JSON.stringify(v).slice(1, -1), encodeURIComponent(v), Buffer.from(v).toString("base64")]));
  // Longest first: a secret that is part of another must not leave the rest of it standing.
  const known = [...spellings].sort((a, b) => b.length - a.length);
  return (text) => {
    const withoutOurs = known.reduce((rest, value) => rest.replaceAll(value, struck), text);
    return secretForms.reduce((rest, [form, replacement]) => rest.replace(form, replacement), withoutOurs);
  };
}

/** Whether a value is to be struck out because of the key it stands under. */
function isSecretKey(key: string): boolean {
  const name = key.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  return secretKeys.test(name) && !harmlessKeys.has(name);
}

/** A plain copy, safe to write: secret keys struck out at any depth, errors as data, cycles and depths cut. */
export function redactValue(value: unknown, redact: Redactor, above: readonly object[] = []): unknown {
  if (typeof value === "string") return redact(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Secret || value instanceof Date) return value.toJSON();
  if (value instanceof URL) return redact(value.href);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (above.includes(value) || above.length > 8) return "[left out]";
  const within = [...above, value];
  if (Array.isArray(value)) return value.slice(0, 100).map((member) => redactValue(member, redact, within));
  const members = value instanceof Map ? [...value].map(([k, v]) => [String(k), v] as const) : Object.entries(errorParts(value));
  return Object.fromEntries(members.map(([k, v]) => [k, isSecretKey(k) ? struck : redactValue(v, redact, within)]));
}

function errorParts(value: object): object {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  return Object.assign({ name, message }, value, { stack }, cause === undefined ? {} : { cause });
}
