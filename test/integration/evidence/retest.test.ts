import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DrillEvent } from "../../../src/drills/events.ts";
import { filesIn } from "../../unit/evidence/fixtures/files-in.ts";
import { startBot, type StartedBot } from "../started-bot.ts";

const runbook = `---
id: telephone-tree
objectives:
  - { id: O1, text: Everybody is reached, rto: 10m }
---
# Telephone tree

## Call

### Call the first

Say who you are.
`;

describe("an objective that was not shown", () => {
  let bot: StartedBot;
  let folder = "";

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "drillbook-retest-"));
    writeFileSync(join(folder, "tree.md"), runbook);
    bot = await startBot({ runbooks: folder });
  });
  after(async () => {
    await bot.close();
    rmSync(folder, { recursive: true });
  });

  it("is named before the next drill of the runbook is launched, goes into its history, and is judged in its report", async () => {
    assert.doesNotMatch(await bot.client.say("olivia", "start telephone-tree"), /shown again/);
    await bot.client.say("olivia", "start telephone-tree now");
    await bot.client.say("olivia", "abort because the line is dead");
    assert.match(await bot.client.say("olivia", "start telephone-tree"), /To be shown again: O1 RTO 10 min was not measured in TEL-0001\. It goes through Call\./);
    await bot.client.say("olivia", "start telephone-tree now");
    const files = filesIn(new Uint8Array(await (await bot.client.get("/drills/TEL-0002/bundle.zip")).arrayBuffer()));
    const [launch] = Buffer.from(files.get("events.jsonl") ?? []).toString("utf8").split("\n");
    assert.deepEqual((JSON.parse(launch ?? "") as Extract<DrillEvent, { type: "drill.launched" }>).retests, { drill: "TEL-0001", retests: [{ objective: "O1 RTO 10 min", result: "not measured", segment: ["Call"] }] });
    assert.match(Buffer.from(files.get("report.html") ?? []).toString("utf8"), /Drill TEL-0001 left these to be shown again.*?not shown again/s);
  });
});
