import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { childCompiler } from "../../../src/compiling/child-compiler.ts";
import type { ChildCompiler } from "../../../src/compiling/child-compiler.ts";
import { childSettings } from "../../../src/compiling/messages.ts";
import { rehearsalPeople } from "../../../src/people/rehearsal-people.ts";

const settings = childSettings({ profiles: null, resources: new Map(), people: rehearsalPeople, peopleFile: null });
const file = (name: string, text: string) => ({ file: name, bytes: new TextEncoder().encode(text) });

describe("compiling in a process of its own", () => {
  let compiler: ChildCompiler;
  afterEach(() => compiler.close());

  it("compiles with everything there is, and what it gives is frozen", async () => {
    compiler = childCompiler({ script: new URL("../../../src/compile-child.ts", import.meta.url), settings, withinMs: 30_000, heapMb: 256 });
    const bytes = new Uint8Array(readFileSync(new URL("../../../runbooks/payroll-test-failover.md", import.meta.url)));
    const { runbook, diagnostics } = await compiler.compile({ file: "payroll-test-failover.md", bytes }, []);
    assert.deepEqual([runbook?.id, diagnostics], ["payroll-test-failover", []]);
    assert.ok(Object.isFrozen(runbook?.steps[0]));

    const host = file("host.md", "# H\n\n## S\n\n```include other\n```\n");
    assert.deepEqual((await compiler.compile(host, [file("other.md", "# O\n\n## A\n\n## B\n")])).runbook?.steps.map((s) => s.id), ["s.a", "s.b"]);
  });

  it("survives what kills or exhausts it, says so, and goes on with a new one", async () => {
    compiler = childCompiler({ script: new URL("../../fakes/stubborn-child.ts", import.meta.url), settings, withinMs: 10_000, heapMb: 64 });
    const rule = async (text: string): Promise<string | undefined> => (await compiler.compile(file("x.md", text), [])).diagnostics[0]?.rule;
    assert.equal(await rule("fine"), "fine");
    const first = compiler.pid();
    for (const end of ["die", "exit", "hang", "hog"]) {
      assert.equal(await rule(end), "too-costly", end);
      assert.equal(await rule(`after ${end}`), `after ${end}`);
    }
    assert.notEqual(compiler.pid(), first);
  });

  it("ends for the processor time that one file uses, long before its time by the clock is up", async () => {
    compiler = childCompiler({ script: new URL("../../fakes/stubborn-child.ts", import.meta.url), settings, withinMs: 80_000, heapMb: 64 });
    assert.equal((await compiler.compile(file("x.md", "busy"), [])).diagnostics[0]?.rule, "too-costly");
    assert.equal((await compiler.compile(file("x.md", "after"), [])).diagnostics[0]?.rule, "after");
  });

  it("answers what is asked at once in order, and nothing after it is closed", async () => {
    compiler = childCompiler({ script: new URL("../../fakes/stubborn-child.ts", import.meta.url), settings, withinMs: 80_000, heapMb: 64 });
    const rules = await Promise.all(["a", "die", "b"].map(async (text) => (await compiler.compile(file("x.md", text), [])).diagnostics[0]?.rule));
    assert.deepEqual(rules, ["a", "too-costly", "b"]);
    await compiler.close();
    assert.equal((await compiler.compile(file("x.md", "a"), [])).diagnostics[0]?.rule, "too-costly");
  });
});
