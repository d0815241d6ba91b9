import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Estate } from "../../../src/simulator/estate.ts";
import { payroll } from "../../../src/simulator/estates/payroll.ts";
import { look, planId, rehearsal, send, testFailoverInput, whileTimePasses } from "../azure/rehearsal.ts";
import type { Rehearsal } from "../azure/rehearsal.ts";

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
const check = "Get-Service payroll\n";
const estate: Estate = {
  ...payroll,
  scripts: [{ script: hashOf(check), exitCode: 0, output: "Running", error: "" }],
  vaults: payroll.vaults.map((vault) => ({ ...vault, servers: vault.servers.map((server) => (server.name === "web-02" ? { ...server, scripts: [{ script: hashOf(check), exitCode: 1, output: "Stopped", error: "not running" }] } : server)) })),
};

describe("scripts on simulated servers", () => {
  let r: Rehearsal;
  let folder = "";
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "scripts-"));
    r = await rehearsal({ estate });
    await r.azure.writer.testFailover(planId, testFailoverInput, send(r.clock));
    r.passSeconds(400);
  });
  afterEach(async () => {
    await r.simulator.close();
    rmSync(folder, { recursive: true });
  });

  const run = async (server: string, text: string) => {
    const servers = await r.azure.reader.servers(planId, look());
    const { testServer } = servers.find(({ name }) => name === server) ?? { testServer: null };
    assert.ok(testServer, server);
    return whileTimePasses(r, () => r.azure.scripts.run(testServer, { name: "check.ps1", text, parameters: {}, timeoutMs: 60_000 }, look()));
  };

  it("say what the estate has them say, each server its own", async () => {
    const said = async (server: string) => {
      const { exitCode, output, error } = await run(server, check);
      return [exitCode, output, error];
    };
    assert.deepEqual([await said("web-01"), await said("web-02")], [[0, "Running", ""], [1, "Stopped", "not running"]]);
  });

  it("say something else while a misfortune stands", async () => {
    r.simulator.add({ kind: "script-says", server: "web-01", exitCode: 3, output: "", error: "disk full", times: null });
    assert.deepEqual([(await run("web-01", check)).exitCode, (await run("web-02", check)).exitCode], [3, 1]);
  });

  it("are never executed: one that nobody planted leaves no trace on this machine and fails", async () => {
    const file = join(folder, "owned");
    for (const text of [`touch ${file}\n`, `New-Item -Path '${file}' -ItemType File\n`, `require("fs").writeFileSync("${file}","")\n`]) {
      const { exitCode, error } = await run("web-01", text);
      assert.deepEqual([exitCode, existsSync(file)], [1, false]);
      assert.match(error, new RegExp(hashOf(text)));
    }
  });
});
