import { createHash } from "node:crypto";
import { html, trusted, type Html, type Part } from "../../evidence/report/markup.ts";
import { reportStyle } from "../../evidence/report/style.ts";
import { html as htmlReply, type WebReply } from "../reply.ts";

/** Who reads, as the sign-in gave it; null on the rehearsal machine, where nobody signs in. */
export type Reader = { readonly id: string; readonly name: string };

export type Page = {
  readonly title: string;
  /** Says on every page that a rehearsal is no test. */
  readonly rehearsal: boolean;
  readonly reader: Reader | null;
  readonly body: Part;
  /** A page outside of any session, with no way to go on but its own. */
  readonly alone?: boolean;
  /** Modules of ours, and installed packages that put themselves where these find them. */
  readonly scripts?: readonly string[];
  readonly packages?: readonly string[];
};

const style = reportStyle("test");
const styleHash = createHash("sha256").update(style).digest("base64");

/** Its own files and nothing else; no inline script, and no style but the one named by its hash. */
const policy = [
  "default-src 'none'",
  `style-src 'self' 'sha256-${styleHash}'`,
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** A page of the auditor: every value that comes from a drill goes through the escaping template. */
export function auditorPage(status: number, { title, rehearsal, reader, body, alone = false, scripts = [], packages = [] }: Page): WebReply {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${rehearsal && "REHEARSAL: "}${title} · Drillbook</title>
<style>${trusted(style)}</style>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/auditor/assets/auditor.css">
${packages.map((name) => html`<script src="/auditor/assets/${name}" defer></script>
`)}${scripts.map((name) => html`<script src="/auditor/assets/${name}" type="module"></script>
`)}</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
${rehearsal && html`<div class="banner" role="note">REHEARSAL on simulated Azure. This drill does not count as a test of anything real.</div>
<div class="watermark" aria-hidden="true">REHEARSAL</div>`}
<header class="bar"><a class="brand" href="/drills">Drillbook <span>evidence</span></a>${!alone && readerLine(reader)}</header>
<main id="main" tabindex="-1">
${body}
</main>
</body>
</html>
`;
  return htmlReply(status, page.html, { "content-security-policy": policy });
}

function readerLine(reader: Reader | null): Html {
  if (reader === null) return html`<a href="/console">Back to the console</a>`;
  return html`<span>${reader.name} · every page you open is logged · <a href="/auditor/sign-out">Sign out</a></span>`;
}

/** Where a reader is within a drill. */
export function drillNav(drill: string, here: "summary" | "replay" | "events" | ""): Html {
  const at = `/drills/${drill}`;
  const link = (name: Exclude<typeof here, "">, href: string, words: string): Html => html`<a href="${href}"${name === here && html` aria-current="page"`}>${words}</a>`;
  return html`<nav class="tabs" aria-label="This drill">${link("summary", at, "Summary")}${link("replay", `${at}/replay/1`, "Replay")}${link("events", `${at}/events`, "Every event")}<a href="${at}/report" >Printable report</a><a href="${at}/bundle.zip" download>Download the bundle</a></nav>`;
}
