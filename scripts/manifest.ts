import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { menuLines } from "../src/texts/commands.ts";
import { appPackage } from "./app-package.ts";

// npm run manifest -- --developer "Contoso" --website https://... --privacy https://... --terms https://...
// The bot's id comes from DRILLBOOK_BOT_APP_ID. Writes the zip that is uploaded to Teams.

const folder = new URL("../manifest/", import.meta.url);
const options = { developer: { type: "string" }, website: { type: "string" }, privacy: { type: "string" }, terms: { type: "string" }, out: { type: "string" } } as const;

try {
  const { values } = parseArgs({ options, strict: true });
  const about = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  const bytes = appPackage({
    template: readFileSync(new URL("manifest.json", folder), "utf8"),
    icons: { color: readFileSync(new URL("color.png", folder)), outline: readFileSync(new URL("outline.png", folder)) },
    commands: menuLines.map(({ words, says }) => ({ title: words[0] ?? "", description: says })),
    fill: {
      APP_ID: process.env["DRILLBOOK_BOT_APP_ID"] ?? "",
      BOT_ID: process.env["DRILLBOOK_BOT_APP_ID"] ?? "",
      VERSION: about.version,
      DEVELOPER_NAME: values.developer ?? "",
      WEBSITE_URL: values.website ?? "",
      PRIVACY_URL: values.privacy ?? values.website ?? "",
      TERMS_URL: values.terms ?? values.website ?? "",
    },
  });
  const out = values.out ?? "drillbook-teams.zip";
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, bytes);
  console.log(`${out}: upload it in Teams under Apps, Manage your apps, or in the Teams admin centre.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
