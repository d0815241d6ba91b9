import assert from "node:assert/strict";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { Secret } from "../../../src/secret.ts";
import { auditorRole, openAuditorSignIn } from "../../../src/web/auditor/sign-in.ts";
import { payrollDrill } from "../../unit/evidence/fixtures/payroll-drill.ts";
import { keptLog } from "../bot/kept-log.ts";
import { openIdProvider, plainBrowser, type Forgery, type OpenIdProvider } from "./openid-provider.ts";
import { seededPages, type SeededPages } from "./seeded-pages.ts";

const tenant = "3f1c1f9a-2f0e-4b8e-9a70-0d7a4c0e9b11";
const canary = "canary-client-secret-7f3a";

describe("signing in to the auditor's pages, with a real OpenID provider", () => {
  let provider: OpenIdProvider;
  let pages: SeededPages;
  let now = new Date("2026-11-21T09:00:00.000Z");
  const { log, written } = keptLog();

  before(async () => {
    pages = await seededPages([payrollDrill({ mode: "test" })], async (server) => {
      provider = await openIdProvider(
        {
          ada: { oid: "oid-ada", tid: tenant, name: "Ada <b>Auditor</b>", roles: [auditorRole] },
          olivia: { oid: "oid-olivia", tid: tenant, name: "Olivia Okafor" },
          mallory: { oid: "oid-mallory", tid: "another-tenant", name: "Mallory", roles: [auditorRole] },
        },
        { id: "auditor-pages", secret: canary, redirect: `${server.origin}/auditor/callback` },
      );
      return openAuditorSignIn(server, { issuer: provider.issuer, tenantId: tenant, clientId: "auditor-pages", clientSecret: new Secret(canary), publicUrl: server.origin, key: randomBytes(32), clock: () => now, log, plainIssuer: true });
    });
  });
  after(async () => {
    await pages?.close();
    await provider?.close();
  });
  beforeEach(() => void (now = new Date("2026-11-21T09:00:00.000Z")));

  const at = (path: string): string => `${pages.server.origin}${path}`;

  it("sends a stranger to the provider, with PKCE, and brings an auditor back to the page that was asked for", async () => {
    const browser = plainBrowser();
    const page = await browser.signIn(at("/drills/PAY-0042/events?q=approval"), "ada");
    assert.equal(page.url.pathname + page.url.search, "/drills/PAY-0042/events?q=approval");
    assert.equal(page.status, 200);
    assert.match(page.text, /Ada &lt;b&gt;Auditor/);
    const authorize = provider.asked.find((url) => url.pathname === "/auth");
    assert.equal(authorize?.searchParams.get("code_challenge_method"), "S256");
    assert.equal(authorize?.searchParams.get("response_type"), "code");
    assert.deepEqual(pages.reads().at(-1)?.reader, { id: "oid-ada", name: "Ada <b>Auditor</b>" });
  });

  it("shows nothing to a stranger, on any page, and puts the attempt on record", async () => {
    for (const path of ["/drills", "/drills/PAY-0042", "/drills/PAY-0042/events", "/drills/PAY-0042/replay/1", "/drills/PAY-0042/report", "/drills/PAY-0042/bundle.zip", "/drills/PAY-0042/verify"]) {
      const response = await fetch(at(path), { redirect: "manual" });
      assert.equal(response.status, 303, path);
      assert.match(response.headers.get("location") ?? "", /^\/auditor\/sign-in\?to=/);
      assert.equal(await response.text(), "");
      assert.equal(pages.reads().at(-1)?.status, 303);
    }
  });

  it("turns away whoever has not the role, and whoever is of another tenant", async () => {
    const without = await plainBrowser().signIn(at("/drills"), "olivia");
    assert.deepEqual([without.status, /nobody has given you the role Drillbook\.Auditor/.test(without.text)], [403, true]);
    const foreign = await plainBrowser().signIn(at("/drills"), "mallory");
    assert.deepEqual([foreign.status, /another organisation/.test(foreign.text)], [403, true]);
  });

  const nowS = Math.floor(Date.now() / 1000);
  const forgeries: Record<string, Forgery> = {
    "that ran out": { claims: (c) => ({ ...c, iat: nowS - 7200, exp: nowS - 3600 }) },
    "that begins later": { claims: (c) => ({ ...c, nbf: nowS + 3600 }) },
    "for another application": { claims: (c) => ({ ...c, aud: "another-app" }) },
    "for two applications, the other one first in line": { claims: (c) => ({ ...c, aud: ["auditor-pages", "another-app"], azp: "another-app" }) },
    "of another issuer": { claims: (c) => ({ ...c, iss: "https://login.microsoftonline.com/common/v2.0" }) },
    "of another sign-in, by its nonce": { claims: (c) => ({ ...c, nonce: "replayed" }) },
    "of no sign-in, without a nonce": { claims: (c) => ({ ...c, nonce: undefined }) },
    "that somebody else signed": { key: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey },
    "that nobody signed": { key: null },
    "whose roles are a text that holds the role": { claims: (c) => ({ ...c, roles: `Reader ${auditorRole}` }) },
    "of nobody": { claims: (c) => ({ ...c, sub: undefined }) },
  };
  for (const [name, forgery] of Object.entries(forgeries)) {
    it(`believes no token ${name}`, async () => {
      provider.forgeNext(forgery);
      const browser = plainBrowser();
      const page = await browser.signIn(at("/drills"), "ada");
      assert.deepEqual([page.status, /could not be completed/.test(page.text)], [403, true]);
      assert.equal(browser.cookies(new URL(at("/"))).has("drillbook-auditor"), false);
    });
  }

  it("believes the same token when nothing in it was changed, and not of another tenant or without one", async () => {
    provider.forgeNext({});
    assert.equal((await plainBrowser().signIn(at("/drills"), "ada")).status, 200);
    for (const tid of ["another-tenant", undefined]) {
      provider.forgeNext({ claims: (c) => ({ ...c, tid }) });
      const page = await plainBrowser().signIn(at("/drills"), "ada");
      assert.deepEqual([page.status, /another organisation/.test(page.text)], [403, true]);
    }
  });

  it("takes a callback once, in the browser that began it, with the code that was given for it", async () => {
    const callbacks = (): readonly URL[] => seen.filter((url) => url.pathname === "/auditor/callback");
    const seen: URL[] = [];
    const ada = plainBrowser((url) => seen.push(url));
    await ada.signIn(at("/drills"), "ada");
    const [used] = callbacks();
    assert.ok(used);
    const again = await ada.visit(used);
    assert.deepEqual([again.status, /not begun in this browser/.test(again.text)], [403, true]);
    const elsewhere = await plainBrowser().visit(used);
    assert.deepEqual([elsewhere.status, /not begun in this browser/.test(elsewhere.text)], [403, true]);
    // A fresh code of somebody else's sign-in, put into one that this browser began: PKCE binds the two.
    const eve = plainBrowser(undefined, (url) => url.pathname === "/auditor/callback");
    const stolen = await eve.signIn(at("/drills"), "ada");
    const victim = plainBrowser();
    const begun = await victim.once(new URL(at("/auditor/sign-in")));
    const state = new URL(begun.headers.get("location") ?? "").searchParams.get("state") ?? "";
    const swapped = new URL(stolen.url);
    swapped.searchParams.set("state", state);
    assert.ok(swapped.searchParams.has("code"));
    const page = await victim.visit(swapped);
    assert.deepEqual([page.status, /could not be completed/.test(page.text)], [403, true]);
  });

  it("takes no callback that this browser did not begin, and none with a guessed state", async () => {
    const victim = plainBrowser();
    const stray = await victim.visit(at("/auditor/callback?code=stolen&state=any"));
    assert.equal(stray.status, 403);
    await victim.once(new URL(at("/auditor/sign-in")));
    const forged = await victim.visit(at("/auditor/callback?code=stolen&state=guessed"));
    assert.deepEqual([forged.status, /could not be completed/.test(forged.text)], [403, true]);
    assert.equal((await victim.visit(at("/drills"))).url.pathname.startsWith("/interaction/"), true);
  });

  it("believes no cookie that was changed, and none that ran out", async () => {
    const browser = plainBrowser();
    await browser.signIn(at("/drills"), "ada");
    const cookies = browser.cookies(new URL(at("/")));
    const whole = cookies.get("drillbook-auditor") ?? "";
    const [body = "", signature = ""] = whole.split(".");
    const other = Buffer.from(Buffer.from(body, "base64url").toString().replace("oid-ada", "oid-eve")).toString("base64url");
    for (const value of [`${other}.${signature}`, `${body}.`, body, "", `${body}.${"A".repeat(43)}`]) {
      const response = await fetch(at("/drills"), { redirect: "manual", headers: { cookie: `drillbook-auditor=${value}` } });
      assert.equal(response.status, 303, value);
    }
    const valid = () => fetch(at("/drills"), { redirect: "manual", headers: { cookie: `drillbook-auditor=${whole}` } });
    assert.equal((await valid()).status, 200);
    now = new Date("2026-11-21T10:00:01.000Z");
    assert.equal((await valid()).status, 303);
  });

  it("leads back to pages of its own alone", async () => {
    for (const to of ["https://evil.example/", "//evil.example", "/\\evil.example", "/auditor/sign-out", "javascript:alert(1)", "/drills/../console"]) {
      const browser = plainBrowser();
      const page = await browser.signIn(at(`/auditor/sign-in?to=${encodeURIComponent(to)}`), "ada");
      assert.equal(page.url.origin, pages.server.origin, to);
      assert.ok(page.url.pathname.startsWith("/drills") || page.url.pathname === "/console", `${to}: ${page.url.href}`);
    }
  });

  it("signs out", async () => {
    const browser = plainBrowser();
    await browser.signIn(at("/drills"), "ada");
    await browser.visit(at("/auditor/sign-out"));
    assert.equal(browser.cookies(new URL(at("/"))).has("drillbook-auditor"), false);
  });

  it("lets neither secret, code nor token reach the log", () => {
    const said = JSON.stringify(written);
    for (const word of [canary, "code=stolen", "eyJ"]) assert.equal(said.includes(word), false, word);
  });
});
