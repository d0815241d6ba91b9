import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { renderReport } from "../../../../src/evidence/report/report.ts";
import { transcriptOf } from "../../../../src/evidence/transcript/transcript.ts";
import type { DrillEvent } from "../../../../src/drills/events.ts";
import type { Json, Mark } from "../../../../src/runbooks/runbook.ts";
import { world } from "../../../fakes/drill-world.ts";
import { action, manual, olivia } from "../../../fakes/runbooks.ts";
import { payrollDrill, type Twist } from "../fixtures/payroll-drill.ts";

const proof = { head: "ab".repeat(32), signer: { kind: "local key" as const, fingerprint: "cd".repeat(32), publicFile: "drillbook.pub" } };
const pageOf = (events: readonly DrillEvent[]) => renderReport(transcriptOf(events), { proof });
const page = (twist: Twist = {}) => pageOf(payrollDrill(twist).events);
const tags = (html: string) => html.match(/<\/?[a-z!][a-z0-9]*/gi)?.join(" ");

describe("report", () => {
  it("is the same for the same history", () => {
    assert.equal(page(), page());
  });

  it("has a summary that fits what happened", () => {
    const html = page({ mode: "test" });
    for (const words of ["Passed", "26 min", "4 min 10 s", "RTO 1 h", "3 min of it waiting for people", "everything that was created was removed", "Failing back", "Ravi Menon", "local key"]) {
      assert.ok(html.includes(words), words);
    }
  });

  it("says from which moment the recovery time counts, also while the service is not proved", async () => {
    const steps = (marks: readonly Mark[]) => [manual("cut", { marks }), action("failover"), manual("prove")];
    const told = async (marks: readonly Mark[], answered: readonly string[]): Promise<string> => {
      const w = world(steps(marks));
      const drill = await w.launch("test");
      for (const step of answered) {
        await w.give(drill, olivia, { type: "answer", step, round: 1, answer: "done", reason: "", ticks: [] });
        await w.clock.advance(60_000);
      }
      return pageOf((await w.store.read(drill)).map(({ event }) => event));
    };
    assert.match(await told(["disruption"], ["cut", "prove"]), />disruption to service proved</);
    assert.match(await told([], ["cut", "prove"]), />first action to service proved</);
    assert.match(await told(["disruption"], ["cut"]), />since the disruption, service not proved yet</);
    assert.match(await told([], ["cut"]), />since the first action, service not proved yet</);
  });

  it("shows grids, bytes, ids and digests", () => {
    const html = page();
    for (const words of ["LoadMaster 1.0", "HEAD / HTTP/1.0", "Invalid Hostname", "5c7b0a52-1a54-4f0e-9e0d-0a4c8f4b2c11", "/replicationJobs/8d1c", "429", "no answer", "code "]) {
      assert.ok(html.includes(words), words);
    }
  });

  it("says on every page of a rehearsal that it is one, and of no other drill", () => {
    const html = page();
    assert.match(html, /<title>REHEARSAL: /);
    assert.match(html, /class="banner"/);
    assert.match(html, /class="watermark"/);
    assert.match(html, /@top-center { content: "REHEARSAL/);
    assert.match(html, /Rehearsal: passed/);
    assert.match(html, /met in rehearsal/);
    const real = page({ mode: "test" });
    assert.ok(!/REHEARSAL|class="banner"|in rehearsal/.test(real));
  });

  it("never says passed on top of a plan with a failed server", () => {
    const verdict = /class="chip verdict (\w+)">([^<]*)</.exec(page({ failedServer: true, mode: "test" }));
    assert.deepEqual([verdict?.[1], verdict?.[2]], ["bad", "Not passed"]);
  });

  it("loads nothing, runs nothing, and works under the policy that it carries", () => {
    const html = page({ says: "https://evil.example/" });
    assert.ok(!/<script|<link|<iframe|<object|<img|\sstyle=|\son[a-z]+=|javascript:/i.test(html));
    assert.deepEqual([...html.matchAll(/\s(?:href|src|action|xlink:href)="([^"]*)"/g)].map((m) => m[1]?.[0]).filter((first) => first !== "#"), []);
    const style = /<style>([\s\S]*)<\/style>/.exec(html)?.[1] ?? "";
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "";
    assert.ok(policy.includes(`sha256-${createHash("sha256").update(style).digest("base64")}`));
    assert.match(policy, /^default-src &#39;none&#39;/);
  });

  it("shows stored scripts as text, wherever they were stored", () => {
    const says = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>&amp;`;
    const html = page({ says, failedServer: true, leavesDebt: true });
    assert.ok(!html.includes("<script") && !html.includes("<img"));
    assert.ok((html.match(/&lt;script&gt;alert\(1\)/g)?.length ?? 0) >= 8);
    assert.equal(tags(html), tags(page({ says: "x", failedServer: true, leavesDebt: true })));
  });

  it("keeps its structure whatever people write", () => {
    const text = fc.oneof(fc.string({ unit: "binary", minLength: 1, maxLength: 40 }), fc.constantFrom("</style>", "<!--", "]]>", "${x}", "&#60;script&#62;", "</pre><b>"));
    const expected = tags(page({ says: "x" }));
    fc.assert(fc.property(text, (says) => says.trim() === "" || tags(page({ says })) === expected), { numRuns: 60 });
  });

  it("makes visible what would hide or turn round the words beside it", () => {
    const html = page({ says: "approve \u202edetcejer\u202c \u200b\u0007\ud800" });
    assert.ok(html.includes("approve [U+202E]detcejer[U+202C] [U+200B][U+0007][U+D800]"));
  });

  it("makes it visible in the chart too, where the titles of steps stand", () => {
    const { events } = payrollDrill();
    const renamed = events.map((e) => (e.type === "drill.launched" ? { ...e, runbook: { ...e.runbook, steps: e.runbook.steps.map((s) => ({ ...s, title: `a\u202eb<i>\u0007${s.title}` })) } } : e));
    const html = pageOf(renamed);
    assert.deepEqual(html.match(/[\u202e\u0007]|<i>/g), null);
    assert.match(html, /<text[^>]*>a\[U\+202E\]b&lt;i&gt;\[U\+0007\]/);
  });

  it("shows a result of unknown shape as it was recorded", () => {
    const odd: Json = { grid: [[1, "<b>"]], nothing: null };
    const { events } = payrollDrill();
    const html = pageOf(events.map((e) => (e.type === "check.observed" ? { ...e, result: odd } : e)));
    assert.match(html, /&quot;grid&quot;: \[/);
    assert.match(html, /&lt;b&gt;/);
    for (const result of [null, [], "text", { rows: [] }, { rows: [{}] }, { rows: "x" }, { servers: {} }] as readonly Json[]) {
      assert.ok(pageOf(events.map((e) => (e.type === "check.observed" ? { ...e, result } : e))).length > 1_000);
    }
  });

  it("can be made of a drill at any moment of it", () => {
    const { events } = payrollDrill({ failedServer: true, leavesDebt: true });
    events.forEach((_, i) => assert.match(pageOf(events.slice(0, i + 1)), /<\/html>\n$/));
  });

  it("says so when nothing is signed yet", () => {
    const html = renderReport(transcriptOf(payrollDrill({ until: "check" }).events), { proof: { head: proof.head, signer: null } });
    assert.match(html, /not signed: export the bundle/);
    assert.match(html, /still open: incomplete/);
  });
});
