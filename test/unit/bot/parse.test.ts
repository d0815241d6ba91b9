import assert from "node:assert/strict";
import { parse } from "../../../src/bot/commands/parse.ts";

const verb = (v: string, more: object = {}): object => ({ type: "verb", verb: v, code: "", as: "", reason: "", drill: null, ...more });

describe("bot: words that people type", () => {
  const cases: readonly (readonly [string, object])[] = [
    ["help", { type: "help" }],
    ["  Help! ", { type: "help" }],
    ["", { type: "help" }],
    ["RUNBOOKS", { type: "runbooks" }],
    ["Status?", { type: "status" }],
    ["start Payroll-Test-Failover", { type: "start", runbook: "payroll-test-failover", params: {}, now: false }],
    ["start x plan=rp network=/a=b now", { type: "start", runbook: "x", params: { plan: "rp", network: "/a=b" }, now: true }],
    ["Done.", verb("done")],
    ["failed because web-02 is down, really", verb("failed", { reason: "web-02 is down, really" })],
    ["approve k4pq", verb("approve", { code: "K4PQ" })],
    ["Approve step 3 k4pq.", verb("approve", { on: "3", code: "K4PQ" })],
    ["approve Start the test failover K4PQ", verb("approve", { on: "Start the test failover", code: "K4PQ" })],
    ["reject 3 K4PQ because month-end", verb("reject", { on: "3", code: "K4PQ", reason: "month-end" })],
    ["Please, done!", verb("done")],
    ["/status", { type: "status" }],
    ["done: because it works", verb("done", { reason: "it works" })],
    ["hand over role operator to Ravi Menon because end of shift", verb("hand-over-role", { on: "operator", as: "Ravi Menon", reason: "end of shift" })],
    ["start", { type: "runbooks" }],
    ["incident payroll", { type: "incident", runbook: "payroll", params: {}, confirmed: "", reason: "" }],
    ["incident payroll plan=rp DECLARE because the site is dark", { type: "incident", runbook: "payroll", params: { plan: "rp" }, confirmed: "declare", reason: "the site is dark" }],
    ["incdient payroll", { type: "unknown", text: "incdient payroll", near: "incident" }],
    ["approve", verb("approve")],
    ["reject “K4PQ” because month-end", verb("reject", { code: "K4PQ", reason: "month-end" })],
    ["pay-0042: abort because of fire", verb("abort", { drill: "PAY-0042", reason: "of fire" })],
    ["sign as reviewer", verb("sign", { as: "reviewer" })],
    ["note replication paused at 21:10", { type: "note", text: "replication paused at 21:10", drill: null }],
    ["not started because the portal shows nothing", verb("not-started", { reason: "the portal shows nothing" })],
    ["answer site=east window=20:00", { type: "values", words: "site=east window=20:00", drill: null }],
    ["Choose east", { type: "values", words: "east", drill: null }],
    ["hand over to Ravi Menon because end of shift", verb("hand-over", { as: "Ravi Menon", reason: "end of shift" })],
    ["undo now", verb("order-undo")],
    ["pause because power cut", verb("pause", { reason: "power cut" })],
    ["make me a sandwich", { type: "unknown", text: "make me a sandwich", near: null }],
    ["waiting for me?", { type: "waiting" }],
    ["'done'", verb("done")],
    ["**status**", { type: "status" }],
    ["hlep", { type: "help" }],
    ["stauts", { type: "status" }],
    ["runboks", { type: "runbooks" }],
    ["dont", { type: "unknown", text: "dont", near: "done" }],
    ["aprove K4PQ", { type: "unknown", text: "aprove K4PQ", near: "approve" }],
    ["about the network", { type: "unknown", text: "about the network", near: "abort" }],
    ["strat payroll now", { type: "unknown", text: "strat payroll now", near: "start" }],
  ];
  for (const [typed, meant] of cases) it(`understands "${typed}"`, () => assert.deepEqual(parse(typed), meant));
});
