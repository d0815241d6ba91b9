import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Observation } from "../../../../src/drills/events.ts";
import { fieldChecks } from "../../../../src/checks/field/field-tools.ts";
import type { Json } from "../../../../src/runbooks/runbook.ts";
import { atNow } from "../../../../src/simulator/output-time.ts";

const folder = fileURLToPath(new URL("../../../../scenarios/outputs/", import.meta.url));
const now = new Date("2026-11-21T03:00:00Z");
const checks = new Map(fieldChecks({ scripts: { run: () => Promise.reject(new Error("nothing is run here")) }, clock: () => now }).map((check) => [check.facts.type, check]));
const look = { signal: new AbortController().signal, record: () => undefined, testServers: [] };

/** What a runbook would expect of each tool, so that good and bad differ by the output alone. */
const wanted: Readonly<Record<string, { readonly [key: string]: Json }>> = {
  "vss-writers": { writers: ["Microsoft Hyper-V VSS Writer"] },
  "hyperv-replica": { maxLag: "15m" },
  "cluster-nodes": { nodes: ["HV-01", "HV-02", "HV-03"] },
  diskspd: { minIops: 10_000, maxLatencyMs: 5, baselineIops: 45_000 },
  hotfixes: { forbidden: ["KB4601345"], equal: true },
  kubernetes: { minReadyNodes: 2 },
};
const special: Readonly<Record<string, { readonly [key: string]: Json }>> = {
  "cluster-nodes/one-paused": { paused: ["HV-01"] },
  "cluster-nodes/sick-drain-failed": { paused: ["HV-01"] },
  "hotfixes/healthy": { required: ["KB5003171"] },
};

/** What must be named, in the diagnosis or the summary, for each sick output. */
const named: Readonly<Record<string, RegExp>> = {
  "vss-writers/sick-hyperv-waiting": /event 10102/,
  "vss-writers/sick-hyperv-unexpected": /resource has locked status/,
  "vss-writers/sick-retryable": /System Writer is in state \[7\]/,
  "hyperv-replica/sick-behind": /1 h 35 min old/,
  "hyperv-replica/sick-critical": /Critical, not Normal/,
  "hyperv-replica/sick-resynchronise": /-Resynchronize/,
  "hyperv-replica/sick-never": /never replicated/,
  "hyperv-replica/sick-none": /no virtual machine is replicated/,
  "cluster-nodes/sick-down": /HV-02 is Down/,
  "cluster-nodes/sick-drain-failed": /drain is Failed/,
  "storage-jobs/sick-repair": /do not pause the next node/,
  "storage-jobs/sick-suspended": /Volume01-Repair is Suspended/,
  "storage-jobs/sick-degraded": /Volume01 is Warning, Degraded/,
  "hotfixes/sick-unequal": /lacks KB2607712, which another node has/,
  "hotfixes/sick-bad-update": /must not have/,
  "volumes/sick-full": /C: has 0.3 GB free/,
  "volumes/sick-unhealthy": /D: is Warning/,
  "hyperv-backup/sick-owner": /not exactly one owner/,
  "hyperv-backup/sick-query": /cannot ask the cluster service/,
  "hyperv-backup/sick-csv": /cluster shared volume/,
  "hyperv-backup/sick-10102": /nearly full/,
  "diskspd/sick-slow": /below the baseline/,
  "cluster-validation/sick-updates": /Validate Software Update Levels: warning/,
  "cluster-validation/sick-failed": /not supported/,
  "kubernetes/sick-node-lost": /node w2 is not ready/,
  "kubernetes/sick-pending": /web-2 is Pending/,
};

async function observe(tool: string, name: string): Promise<Observation> {
  const check = checks.get(tool);
  assert.ok(check, `there is no check ${tool}`);
  const text = atNow(readFileSync(`${folder}${tool}/${name}.txt`, "utf8"), now);
  return check.observe({ pasted: text, ...wanted[tool], ...special[`${tool}/${name}`], ...(tool === "hotfixes" && name === "healthy" ? { forbidden: [] } : {}) }, look);
}

describe("field tools: the corpus", () => {
  for (const tool of readdirSync(folder).filter((name) => checks.has(name)).sort()) {
    for (const file of readdirSync(`${folder}${tool}`).sort()) {
      const name = file.replace(/\.txt$/, "");
      const verdict = name.startsWith("sick") ? "failed" : name.startsWith("unreadable") ? "not-proved" : "passed";
      it(`${tool}: ${name} is ${verdict}`, async () => {
        const seen = await observe(tool, name);
        const said = [seen.summary, ...seen.diagnosis].join("\n");
        assert.equal(seen.verdict, verdict, said);
        if (verdict === "failed") assert.match(said, named[`${tool}/${name}`] ?? /a sick output without a finding to be named/);
        assert.match(seen.summary, /from what a person pasted/);
      });
    }
  }

  it("has a healthy and a sick output for every tool", () => {
    for (const type of checks.keys()) {
      const names = readdirSync(`${folder}${type}`);
      assert.ok(names.some((n) => n.startsWith("healthy")) && names.some((n) => n.startsWith("sick")), type);
    }
  });

  it("proves nothing with an output that is empty, cut short or something else", async () => {
    for (const check of checks.values()) {
      for (const text of ["", "Access is denied.", "PS C:\\> ", "{}", "<Results>", "a,b\n1,2", "\u0000\u0001"]) {
        const seen = await check.observe({ pasted: text, ...wanted[check.facts.type] }, look);
        assert.notEqual(seen.verdict, "passed", `${check.facts.type} passed ${JSON.stringify(text)}`);
      }
    }
  });
});
