import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { verifyBundle } from "../../src/evidence/verify.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

describe("the command line", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "drillbook-cli-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function drillbook(args: readonly string[], more: Readonly<Record<string, string>> = {}): { code: number | null; out: string; err: string } {
    const env = { PATH: process.env["PATH"] ?? "", DRILLBOOK_DATA: join(folder, "data"), ...more };
    const ran = spawnSync(process.execPath, [join(root, "src/cli.ts"), ...args], { cwd: folder, encoding: "utf8", env });
    return { code: ran.status, out: ran.stdout, err: ran.stderr };
  }

  const sample = join(root, "runbooks/payroll-test-failover.md");
  const key = (): string => join(folder, "data", "rehearsal.pub");
  const bundle = (): string => join(folder, "out", readdirSync(join(folder, "out"))[0] ?? "");

  it("rehearses the sample unattended, says where bundle and key are, and exits 0", () => {
    const { code, out, err } = drillbook(["rehearse", sample, "--out", "out"]);
    assert.equal(code, 0, err);
    assert.match(out, /passed .*The web farm answers as the load balancer asks/);
    assert.match(out, /counts as no test/);
    assert.ok(existsSync(bundle()) && existsSync(key()));
    assert.equal(err, "");
  });

  it("says what one command takes, and why a rehearsal left a step out", () => {
    const { code, out } = drillbook(["rehearse", "--help"]);
    assert.deepEqual([code, /^ {2}rehearse <runbook\.md>/.test(out), out.includes("--seed"), out.includes("probe")], [0, true, true, false]);
    assert.match(drillbook(["release", "--help"]).out, /^ {2}hold <drill>.*release <drill>/);
    assert.match(drillbook(["rehearse", join(root, "runbooks/detect-decide-act.md"), "--out", "other"]).out, /left-out .*An alarm would have been better\n +not on this branch/);
  });

  it("verifies the bundle: 0 with the key, 3 without, 1 when a bit was changed", () => {
    assert.equal(drillbook(["verify", bundle(), "--key", key()]).code, 0);
    assert.equal(drillbook(["verify", bundle()]).code, 3);
    const changed = readFileSync(bundle());
    changed[Math.floor(changed.length / 2)]! ^= 0x10;
    writeFileSync(join(folder, "changed.zip"), changed);
    const { code, out } = drillbook(["verify", "changed.zip", "--key", key()]);
    assert.equal(code, 1);
    assert.match(out, /^BROKEN/);
    const another = readFileSync(bundle());
    another[another.indexOf("<!doctype html>") + 1]! ^= 0x20;
    writeFileSync(join(folder, "changed.zip"), another);
    const said = drillbook(["verify", "changed.zip", "--key", key()]).out;
    assert.match(said, /A checkpoint lies in this bundle, but what is broken keeps it from proving anything\.[^]*\d bytes · no checkpoint proved$/m);
    assert.equal(JSON.parse(drillbook(["verify", bundle(), "--key", key(), "--json"]).out).status, "intact");
  });

  it("refuses any one changed bit, wherever in the file it is", () => {
    const honest = readFileSync(bundle());
    const knownKeys = [readFileSync(key(), "utf8")];
    assert.equal(verifyBundle(honest, { knownKeys }).status, "intact");
    // A stride that is odd and no multiple of eight walks through every bit position of a byte.
    for (let bit = 3; bit < honest.length * 8; bit += 4_001) {
      honest[bit >> 3]! ^= 1 << (bit & 7);
      assert.equal(verifyBundle(honest, { knownKeys }).status, "broken", `bit ${bit & 7} of byte ${bit >> 3}`);
      honest[bit >> 3]! ^= 1 << (bit & 7);
    }
  });

  it("exits 1 when a step failed, as an answers file says", () => {
    writeFileSync(join(folder, "answers.yaml"), "steps:\n  prove-it-works.payroll-staff-can-work:\n    answer: failed\n    reason: nobody can sign in\n");
    const { code, out } = drillbook(["rehearse", sample, "--answers", "answers.yaml", "--out", "failed", "--json"]);
    assert.equal(code, 1);
    assert.equal(JSON.parse(out).result, "failed");
  });

  it("exits 2 when it could not start, and says why with file, line and column", () => {
    writeFileSync(join(folder, "broken.md"), "# Broken\n\n## Phase\n\n### Step\n\n```check htpt\nas: browser\n```\n");
    const broken = drillbook(["rehearse", "broken.md"]);
    assert.equal(broken.code, 2);
    assert.match(broken.err, /broken\.md:7:\d+/);
    assert.equal(drillbook(["rehearse", "absent.md"]).code, 2);
    assert.match(drillbook(["rehearse", sample, "--out", join(sample, "in-a-file")]).err, /for the bundle cannot be made\. Name one/);
    assert.equal(drillbook(["rehearse", sample, "--param", "plan=nonsense"]).code, 2);
    assert.equal(existsSync(join(folder, "rehearsals")), false, "a rehearsal that is not begun leaves no folder");
    assert.equal(drillbook(["rehearse", sample, "--answers", "broken.md"]).code, 2);
    assert.equal(drillbook(["frobnicate"]).code, 2);
    assert.equal(drillbook(["verify", bundle(), "--nonsense"]).code, 2);
    assert.equal(drillbook(["export", "PAY-0001", "--out", "x.zip"]).code, 2);
  });

  it("lints files and folders for people and for programs", () => {
    assert.equal(drillbook(["lint", join(root, "runbooks")]).code, 0);
    const { code, out } = drillbook(["lint", "broken.md", "--json"]);
    assert.equal(code, 1);
    assert.ok(JSON.parse(out).diagnostics.length > 0);
    assert.equal(JSON.parse(drillbook(["lint", "broken.md", "--sarif"]).out).version, "2.1.0");
  });

  it("does not start with a setting that it does not know, and names it", () => {
    const unknown = drillbook(["start"], { DRILLBOOK_DATTA: "x" });
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /DRILLBOOK_DATTA.*DRILLBOOK_DATA/);
    assert.match(drillbook(["start"], { PORT: "harbour" }).err, /PORT must be a whole number/);
    assert.match(drillbook(["start"], { DRILLBOOK_AZURE: "azure" }).err, /bot credentials/);
  });

  it("keeps what the bot stores from the eyes of other users, and backs it up while it runs", async () => {
    const bot = spawn(process.execPath, [join(root, "src/cli.ts"), "start"], { cwd: folder, env: { PATH: process.env["PATH"], PORT: "0", DRILLBOOK_DATA: join(folder, "data"), DRILLBOOK_RUNBOOKS: join(root, "runbooks"), DRILLBOOK_LOG_LEVEL: "info" }, stdio: ["ignore", "pipe", "pipe"] });
    const log = text(bot.stderr);
    try {
      await once(bot.stdout, "data");
      const nowhere = drillbook(["backup", join("backups", "monday.db")]);
      assert.equal(nowhere.code, 2);
      assert.match(nowhere.err, /^There is no folder \S+backups that can be written to\. Make it/);
      mkdirSync(join(folder, "backups"));
      const monday = join(folder, "backups", "monday.db");
      assert.match(drillbook(["backup", monday]).out, new RegExp(`^${monday}: every drill in ${join(folder, "data")} as of now`));
      for (const file of [monday, join(folder, "data", "drillbook.db"), join(folder, "data", "console.db")]) assert.equal((statSync(file).mode & 0o777).toString(8), "600", file);
      assert.match(drillbook(["restore", monday]).err, /already running/);
      bot.kill("SIGTERM");
      assert.deepEqual(await once(bot, "exit"), [0, null]);
      const lines = (await log).trim().split("\n").map((line) => JSON.parse(line) as { readonly msg: string });
      assert.deepEqual(lines.map(({ msg }) => msg), ["Drillbook has started", "Drillbook is stopping", "Drillbook has stopped"]);
      assert.equal(drillbook(["restore", monday]).code, 0);
    } finally {
      bot.kill("SIGKILL");
    }
  });
});
