import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { appPackage, officialFaults } from "../../../scripts/app-package.ts";
import { menuLines } from "../../../src/texts/commands.ts";
import { parse } from "../../../src/bot/commands/parse.ts";

const folder = new URL("../../../manifest/", import.meta.url);
const icons = { color: readFileSync(new URL("color.png", folder)), outline: readFileSync(new URL("outline.png", folder)) };
const template = readFileSync(new URL("manifest.json", folder), "utf8");
const commands = menuLines.map(({ words, says }) => ({ title: words[0] ?? "", description: says }));
const id = "11111111-2222-4333-8444-555555555555";
const site = "https://dr.contoso.example/";
const fill = { APP_ID: id, BOT_ID: id, VERSION: "0.1.0", DEVELOPER_NAME: "Contoso", WEBSITE_URL: site, PRIVACY_URL: site, TERMS_URL: site };

describe("the Teams package", () => {
  it("is made by its command, with its three files at the root", () => {
    const out = mkdtempSync(join(tmpdir(), "drillbook-manifest-"));
    try {
      const file = join(out, "app.zip");
      const script = fileURLToPath(new URL("../../../scripts/manifest.ts", import.meta.url));
      const run = (args: readonly string[], env: Record<string, string>) => spawnSync(process.execPath, [script, ...args], { env, encoding: "utf8" });
      const refused = run([], {});
      assert.equal(refused.status, 2);
      assert.match(refused.stderr, /DRILLBOOK_BOT_APP_ID[^]*--developer/u);
      const made = run(["--developer", "Contoso", "--website", site, "--out", file], { DRILLBOOK_BOT_APP_ID: id });
      assert.equal(made.stderr, "");
      assert.equal(made.status, 0);
      const zip = readFileSync(file).toString("latin1");
      for (const name of ["manifest.json", "color.png", "outline.png"]) assert.ok(zip.includes(name), name);
      assert.ok(!zip.includes("{{"));
      const manifest = JSON.parse(zip.slice(zip.indexOf("{\n"), zip.lastIndexOf("}\n") + 1)) as { id: string; bots: { commandLists: { commands: { title: string }[] }[] }[] };
      assert.equal(manifest.id, id);
      assert.deepEqual(manifest.bots[0]?.commandLists[0]?.commands.map((c) => c.title), commands.map((c) => c.title));
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });

  it("is taken by Microsoft's own schema, which refuses what is wrong", () => {
    const template = readFileSync(new URL("../../../manifest/manifest.json", import.meta.url), "utf8");
    const good = JSON.parse(template.replaceAll("{{VERSION}}", "1.0.0").replaceAll(/\{\{(?:APP|BOT)_ID\}\}/gu, id).replaceAll(/\{\{\w+_URL\}\}/gu, site).replaceAll(/\{\{\w+\}\}/gu, "Contoso")) as { bots: object[] };
    assert.deepEqual(officialFaults(good), []);
    const faults = [{ ...good, id: "drillbook" }, { ...good, madeUp: true }, { ...good, description: {} }, { ...good, bots: good.bots.map((b) => ({ ...b, scopes: ["everywhere"] })) }];
    for (const wrong of faults) assert.notDeepEqual(officialFaults(wrong), []);
  });

  it("lists commands that the bot understands", () => {
    for (const { title } of commands) assert.notEqual(parse(title === "start" || title === "note" ? `${title} x` : title).type, "unknown", title);
  });

  const wrong: readonly (readonly [string, Partial<Parameters<typeof appPackage>[0]>, RegExp])[] = [
    ["no bot", { fill: { ...fill, BOT_ID: "", APP_ID: "" } }, /application id/u],
    ["an address that is none", { fill: { ...fill, WEBSITE_URL: "contoso.example" } }, /websiteUrl: must be an https/u],
    ["a version that is none", { fill: { ...fill, VERSION: "1" } }, /three numbers/u],
    ["a name too long for Teams", { fill: { ...fill, DEVELOPER_NAME: "x".repeat(33) } }, /developer.name/u],
    ["too many commands", { commands: Array.from({ length: 11 }, () => ({ title: "a", description: "b" })) }, /commands/u],
    ["a field of a later schema", { template: template.replace('"supportsFiles"', '"supportsTargetedMessages": true, "supportsFiles"') }, /supportsTargetedMessages/u],
    ["icons the wrong way round", { icons: { color: icons.outline, outline: icons.color } }, /192/u],
  ];
  for (const [name, more, message] of wrong) {
    it(`is not made with ${name}`, () => assert.throws(() => appPackage({ template, icons, commands, fill, ...more }), { message }));
  }
});
