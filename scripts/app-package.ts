import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { z } from "zod";
import { writeZip } from "../src/evidence/bundle/zip.ts";

const address = z.string().regex(/^https:\/\/[^\s]+$/u, "must be an https address").max(2048);
const guid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/iu, "must be the bot's application id: set DRILLBOOK_BOT_APP_ID");

/**
 * The limits of schema 1.22 and of what we put into it. A field that is not here, such as those of later versions, would make
 * the package invalid; why 1.22, says manifest/schema/README.md.
 */
const manifestSchema = z.strictObject({
  $schema: z.literal("https://developer.microsoft.com/json-schemas/teams/v1.22/MicrosoftTeams.schema.json"),
  manifestVersion: z.literal("1.22"),
  version: z.string().regex(/^\d+\.\d+\.\d+$/u, "must be three numbers"),
  id: guid,
  developer: z.strictObject({ name: z.string().min(1, "give --developer, the name that people see").max(32), websiteUrl: address, privacyUrl: address, termsOfUseUrl: address }),
  name: z.strictObject({ short: z.string().min(1).max(30), full: z.string().max(100) }),
  description: z.strictObject({ short: z.string().min(1).max(80), full: z.string().min(1).max(4000) }),
  icons: z.strictObject({ color: z.literal("color.png"), outline: z.literal("outline.png") }),
  accentColor: z.string().regex(/^#[0-9A-F]{6}$/u),
  bots: z
    .array(
      z.strictObject({
        botId: guid,
        scopes: z.array(z.enum(["personal", "team", "groupChat"])),
        isNotificationOnly: z.literal(false),
        supportsFiles: z.literal(true),
        commandLists: z
          .array(
            z.strictObject({
              scopes: z.array(z.enum(["personal", "team", "groupChat"])),
              commands: z.array(z.strictObject({ title: z.string().min(1).max(128), description: z.string().min(1).max(4000) })).max(10),
            }),
          )
          .max(3),
      }),
    )
    .length(1),
  permissions: z.array(z.enum(["identity", "messageTeamMembers"])),
  validDomains: z.array(z.string()).max(16),
});

export type PackageParts = {
  /** manifest.json with {{NAMES}} where configuration stands. */
  readonly template: string;
  readonly icons: { readonly color: Uint8Array; readonly outline: Uint8Array };
  readonly commands: readonly { readonly title: string; readonly description: string }[];
  readonly fill: Readonly<Record<string, string>>;
};

/** The bytes of the Teams app package. Throws with everything that is wrong, in words for whoever runs it. */
export function appPackage({ template, icons, commands, fill }: PackageParts): Uint8Array {
  const filled = JSON.parse(template, (_key, value: unknown) => (typeof value === "string" ? value.replaceAll(/\{\{(\w+)\}\}/gu, (_, name: string) => fill[name] ?? "") : value)) as { bots?: { commandLists?: { commands?: unknown }[] }[] };
  for (const list of filled.bots?.flatMap((bot) => bot.commandLists ?? []) ?? []) list.commands = commands;
  const checked = manifestSchema.safeParse(filled);
  if (!checked.success) {
    const faults = checked.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
    throw new Error(["The Teams app package would not be taken:", ...faults].join("\n"));
  }
  const faults = officialFaults(checked.data);
  if (faults.length > 0) throw new Error(["Microsoft's schema does not take the Teams app manifest:", ...faults].join("\n"));
  requireIcon(icons.color, 192);
  requireIcon(icons.outline, 32);
  // At the root of the zip: Teams looks into no folder.
  const manifest = Buffer.from(`${JSON.stringify(checked.data, null, 2)}\n`, "utf8");
  return writeZip(new Map([["manifest.json", manifest], ["color.png", icons.color], ["outline.png", icons.outline]]));
}

/** What Microsoft's own schema has against a manifest, one line each. */
export function officialFaults(manifest: unknown): readonly string[] {
  // Written for draft 4, which the validator no longer knows by name; nothing in it means something else today.
  const { $schema: _, ...schema } = JSON.parse(readFileSync(new URL("../manifest/schema/MicrosoftTeams.schema.json", import.meta.url), "utf8")) as { readonly $schema: string };
  const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema);
  return validate(manifest) ? [] : (validate.errors ?? []).map((e) => `  ${e.instancePath}: ${e.message ?? ""}`);
}

function requireIcon(bytes: Uint8Array, size: number): void {
  const png = Buffer.from(bytes);
  const isRight = png.toString("latin1", 1, 4) === "PNG" && png.readUInt32BE(16) === size && png.readUInt32BE(20) === size;
  if (!isRight) throw new Error(`An icon is not a PNG of ${size} by ${size} pixels.`);
}
