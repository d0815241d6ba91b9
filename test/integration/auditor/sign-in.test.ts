import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { Secret } from "../../../src/secret.ts";
import { auditorRole, openAuditorSignIn } from "../../../src/web/auditor/sign-in.ts";
import { payrollDrill } from "../../unit/evidence/fixtures/payroll-drill.ts";
import { keptLog } from "../bot/kept-log.ts";
import { openIdProvider, plainBrowser, type OpenIdProvider } from "./openid-provider.ts";
import { seededPages, type SeededPages } from "./seeded-pages.ts";

const tenant = "3f1c1f9a-2f0e-4b8e-9a70-0d7a4c0e9b11";
const canary = "canary-client-secret-7f3a";

describe("signing in to the auditor's pages, with a real OpenID provider", function () {
  this.timeout(20_000);
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

  it("takes no callback that this browser did not begin, and none twice", async () => {
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
