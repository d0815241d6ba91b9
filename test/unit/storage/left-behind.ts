import assert from "node:assert/strict";
import type { DrillEvent } from "../../../src/drills/events.ts";
import { genesisHead } from "../../../src/evidence/chain.ts";
import { sha256 } from "../../../src/evidence/hash.ts";
import { sealAll } from "../../../src/storage/history.ts";
import type { Store } from "../../../src/storage/store.ts";
import { ended, launched, noted } from "./events.ts";

/** A row as both databases take it. */
export type Row = Readonly<Record<string, string | number | Uint8Array | null>>;

const plan = "/Plans/Payroll";
const attachment = Buffer.from("a screenshot");
const conversation = { id: "19:abc", reference: { serviceUrl: "https://one.example/" } };
const at = new Date("2026-11-20T11:00:03.000Z");
const logId = "0123456789abcdef";

const launch = (drill: string): DrillEvent => {
  const event = launched(drill) as Extract<DrillEvent, { type: "drill.launched" }>;
  const parameter = (name: string, type: "recovery-plan" | "azure-resource") => ({ name, type, label: name, choices: [], default: null });
  return { ...event, params: { plan, network: "/networks/dr" }, runbook: { ...event.runbook, parameters: [parameter("plan", "recovery-plan"), parameter("network", "azure-resource")] } };
};
const underWay = sealAll(genesisHead("R-1"), [launch("R-1"), noted("R-1", 2)]);
const over = sealAll(genesisHead("R-0"), [launch("R-0"), ended("R-0", 2, "passed")]);

const drill = { runbook: "payroll-test-failover", title: "Payroll test failover", mode: "rehearsal" };
const events = [...over, ...underWay].map(({ event, bytes, head }): readonly [string, Row] => ["event", { drill: event.drill, seq: event.seq, at: event.at, type: event.type, bytes, head }]);

/** What a program wrote into its store's tables, in the order in which it may be written; older ones had fewer tables. */
export const leftBehind: readonly (readonly [table: string, row: Row])[] = [
  ["drill", { id: "R-0", ...drill, started_at: "2026-11-20T11:00:00.000Z", ended_at: at.toISOString(), result: "passed", events: 2, head: over[1]!.head, wake_at: null }],
  ["drill", { id: "R-1", ...drill, started_at: "2026-11-20T11:00:01.000Z", ended_at: null, result: null, events: 2, head: underWay[1]!.head, wake_at: 5 }],
  ...events,
  ["blob", { sha256: sha256(attachment), bytes: attachment }],
  ["counter", { name: "drill", last: 7 }],
  ["surface", { drill: "R-1", surface: "live", generation: 3, conversation: JSON.stringify(conversation), message_id: "m-1", state: "shown", shown_hash: "ab".repeat(32), shown_seq: 2 }],
  ["log_entry", { log: "rehearsal", n: 0, drill: "R-1", seq: 1, head: underWay[0]!.head }],
  ["log_entry", { log: "rehearsal", n: 1, drill: "R-0", seq: 2, head: over[1]!.head }],
  ["checkpoint", { log: "rehearsal", size: 1, note: "signed" }],
  ["address", { person: "p-amir", conversation: JSON.stringify(conversation) }],
  ["scope", { scope: plan.toLowerCase(), drill: "R-1" }],
  ["record", { drill: "R-1", ref: "a", salt: "00", value: JSON.stringify({ name: "Olivia" }) }],
  ["schedule_claim", { key: "weekly 1", at: at.getTime(), done: 1 }],
  ["schedule_claim", { key: "weekly 2", at: at.getTime(), done: 0 }],
  ["schedule_anchor", { runbook: "weekly", at: at.getTime() }],
];

/** What the log's own rows say once there is a log. */
export const alsoOfLog = [`UPDATE log SET id = '${logId}' WHERE name = 'rehearsal'`, "UPDATE drill SET logged = 1 WHERE id = 'R-1'", "UPDATE drill SET logged = 2 WHERE id = 'R-0'"] as const;

/** All of it is there after the lift, as far as its program `had` the table; then the drill goes on. */
export async function goesOnWithAll(store: Store, had: (table: string) => boolean): Promise<void> {
  assert.deepEqual((await store.list()).map((d) => [d.id, d.result, d.events]), [["R-1", null, 2], ["R-0", "passed", 2]]);
  assert.deepEqual((await store.read("R-1")).map((e) => e.head), underWay.map((e) => e.head));
  assert.deepEqual((await store.read("R-0")).map((e) => e.head), over.map((e) => e.head));
  assert.deepEqual((await store.due(new Date(5))).drills, ["R-1"]);
  assert.deepEqual(Buffer.from((await store.blob(sha256(attachment)))!), attachment);
  assert.equal(await store.nextNumber(), 8);
  assert.deepEqual(await store.surfaces("R-1"), [{ drill: "R-1", surface: "live", generation: 3, conversation, messageId: "m-1", state: "shown", shownHash: "ab".repeat(32), shownSeq: 2 }]);
  assert.equal(await store.firstSeen("activity-1", at), false);
  // Programs without the table held the plans of what is under way in their memory.
  assert.deepEqual(await store.holders([plan.toLowerCase(), "/networks/dr"]), ["R-1"]);
  assert.deepEqual(await store.addresses(), had("address") ? [["p-amir", conversation]] : []);
  assert.deepEqual(await store.records("R-1"), had("record") ? [{ ref: "a", salt: "00", value: { name: "Olivia" } }] : []);
  const { schedules, log } = store;
  assert.deepEqual([await schedules.claim("weekly 1", at, 1), await schedules.claim("weekly 2", at, 1)], had("schedule_claim") ? ["done", "taken"] : ["mine", "mine"]);
  assert.deepEqual(await schedules.anchor("weekly", new Date(9)), had("schedule_anchor") ? at : new Date(9));
  const entry = { drill: "R-1", seq: 1, head: underWay[0]!.head };
  assert.deepEqual(await log.entries("rehearsal", 0), had("log_entry") ? [entry, { drill: "R-0", seq: 2, head: over[1]!.head }] : []);
  assert.deepEqual(await log.lastCheckpoint("rehearsal"), had("checkpoint") ? { size: 1, note: "signed" } : null);
  assert.equal((await log.identity("rehearsal")).id === logId, had("log"));
  await store.append({ drill: "R-1", expectedSeq: 2, events: [noted("R-1", 3)], wakeAt: null });
  assert.equal((await store.read("R-1")).length, 3);
  const sequenced = await log.sequence();
  assert.deepEqual(sequenced.map((s) => [s.log, s.events]), [["rehearsal", had("log_entry") ? 2 : 5]]);
  assert.deepEqual(sequenced[0]?.entries.map((e) => [e.drill, e.seq]), had("log_entry") ? [["R-1", 3]] : [["R-0", 2], ["R-1", 3]]);
}
