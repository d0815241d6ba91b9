import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { z } from "zod";

const folder = new URL("../../../manifest/", import.meta.url);

/** The limits of schema 1.22, where another field than these makes the package invalid. */
const schema = z.strictObject({
  $schema: z.string(),
  manifestVersion: z.literal("1.22"),
  version: z.string(),
  id: z.string(),
  developer: z.strictObject({ name: z.string().max(32), websiteUrl: z.string(), privacyUrl: z.string(), termsOfUseUrl: z.string() }),
  name: z.strictObject({ short: z.string().max(30), full: z.string().max(100) }),
  description: z.strictObject({ short: z.string().max(80), full: z.string().max(4000) }),
  icons: z.strictObject({ color: z.string(), outline: z.string() }),
  accentColor: z.string().regex(/^#[0-9A-F]{6}$/u),
  bots: z.array(
    z.strictObject({
      botId: z.string(),
      scopes: z.array(z.enum(["personal", "team", "groupChat"])),
      isNotificationOnly: z.literal(false),
      supportsFiles: z.literal(false),
      commandLists: z
        .array(z.strictObject({ scopes: z.array(z.string()), commands: z.array(z.strictObject({ title: z.string().max(128), description: z.string().max(4000) })).max(10) }))
        .max(3),
    }),
  ),
  permissions: z.array(z.enum(["identity", "messageTeamMembers"])),
  validDomains: z.array(z.string()).max(16),
});

describe("the Teams package", () => {
  it("has a manifest within the limits of its schema", async () => {
    schema.parse(JSON.parse(await readFile(new URL("manifest.json", folder), "utf8")));
  });

  it("has icons of the sizes that Teams wants", async () => {
    for (const [name, size] of [["color.png", 192], ["outline.png", 32]] as const) {
      const bytes = await readFile(new URL(name, folder));
      assert.equal(bytes.toString("latin1", 12, 16), "IHDR");
      assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [size, size], name);
    }
  });
});
