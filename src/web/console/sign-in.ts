import { createHash } from "node:crypto";
import { html, redirect } from "../reply.ts";
import type { Handle, WebReply } from "../reply.ts";
import type { OneTimeLink } from "./link.ts";
import type { Sessions } from "./session.ts";

/** Exchanges the token of the printed link for a session, once. `onLinkUsed` gets the next address to print. */
export function signIn(link: OneTimeLink, sessions: Sessions, onLinkUsed: (address: string) => void): Handle {
  return ({ method, headers, query }) => {
    const token = query.get("token");
    // A preview or a prefetch must not use up the link that a person is about to open.
    const isPerson = method === "GET" && headers["sec-purpose"] === undefined && headers["purpose"] === undefined;
    if (isPerson && token !== null && link.redeem(token)) {
      onLinkUsed(link.address());
      return redirect("/console", { "set-cookie": sessions.issue() });
    }
    return sessions.isValid(headers["cookie"]) ? redirect("/console") : signedOut();
  };
}

const style = `:root{color-scheme:light dark;--t:#242424;--s:#616161;--b:#f5f5f5;--c:#fff;--a:#5b5fc7}
@media (prefers-color-scheme:dark){:root{--t:#fff;--s:#adadad;--b:#1f1f1f;--c:#292929;--a:#7f85f5}}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--b);color:var(--t);font:16px/1.5 "Segoe UI",system-ui,sans-serif}
main{background:var(--c);max-width:30rem;margin:1rem;padding:2rem;border-radius:.5rem;border-top:4px solid var(--a)}
h1{font-size:1.25rem;margin:0 0 .5rem}p{margin:.5rem 0}.s{color:var(--s)}a{color:var(--a)}`;

const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Drillbook: open the link from the terminal</title><style>${style}</style></head>
<body><main><h1>This browser is not signed in</h1>
<p>Open the newest link that Drillbook printed in its terminal. Each link works once, in one browser.</p>
<p class="s">You have just opened it? <a href="/console">Go on to the console</a>.</p></main></body></html>`;

const styleHash = createHash("sha256").update(style).digest("base64");

/** The page has no session yet, so it may fetch nothing: its one style is inline and named by its hash. */
export function signedOut(): WebReply {
  return html(403, page, {
    "content-security-policy": `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  });
}
