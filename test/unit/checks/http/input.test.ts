import assert from "node:assert/strict";
import { httpCheckFacts, httpInput } from "../../../../src/checks/http/input.ts";
import type { Json } from "../../../../src/runbooks/runbook.ts";

const good = { as: "kemp-loadmaster", from: "web-01-test", targets: ["http://10.50.0.11/"], host: "payroll.contoso.example" };

function faults(change: { readonly [key: string]: Json }): string {
  const read = httpInput.safeParse({ ...good, ...change });
  return read.success ? "" : read.error.issues.map((i) => `${i.path.join(".")}: ${i.message}`).join("\n");
}

describe("check http: input", () => {
  it("takes the block of the design's runbook", () => assert.equal(faults({}), ""));

  it("may be read again after it was read", () => {
    const once = httpInput.parse({ ...good, expect: { status: 200 } });
    assert.deepEqual(httpInput.parse(once), once);
    assert.equal(once.expect?.status, "200");
  });

  for (const [what, change, message] of [
    ["an unknown profile, naming the known ones", { as: "f5" }, /as\.0: There is no profile "f5"\.\nName one of: .*, browser, .*, haproxy, .*, kemp-loadmaster, kemp-loadmaster-1\.1, kemp-loadmaster-1\.0, nginx/],
    ["a host that would break out of its header", { host: "a\r\nX: y" }, /host\.0: Write a host name/],
    ["a method that changes things", { method: "DELETE" }, /method: A check only reads/],
    ["status codes that are none", { expect: { status: "2xx" } }, /expect\.status: Write status codes/],
    ["a range that runs backwards", { expect: { status: "299-200" } }, /expect\.status/],
    ["a duration without its unit", { timeout: "5" }, /timeout: Write a whole number with its unit/],
    ["a time-out of an hour", { timeout: "1h" }, /timeout: Give a duration from 1 s to 1 min/],
    ["a key it does not know", { hosts: "x" }, /Unrecognized key/],
    ["no target", { targets: [] }, /targets: Name at least one/],
    ["a target that is no URL", { targets: ["10.50.0.11"] }, /targets\.0: Write a whole URL/],
    ["text expected of a HEAD", { expect: { contains: "Welcome" } }, /expect\.contains: kemp-loadmaster asks HEAD, which never brings a body: add method: GET/],
  ] as const) {
    it(`refuses ${what}`, () => assert.match(faults(change), message));
  }

  it("refuses a form that needs a host when none is given", () => {
    const { host: _none, ...nameless } = good;
    const read = httpInput.safeParse({ ...nameless, as: "kemp-loadmaster-1.1" });
    assert.match(read.error?.issues[0]?.message ?? "", /kemp-loadmaster-1\.1 sends a Host header: say which/);
  });

  it("says where to ask from when from is missing", () => {
    const { from: _none, ...nowhere } = good;
    assert.match(httpInput.safeParse(nowhere).error?.issues[0]?.message ?? "", /bot, or the name of a test server/);
  });
});

describe("check http: lint", () => {
  const lint = (input: Json) => httpCheckFacts.lint?.(input) ?? [];

  it("refuses to ask a private address from the bot", () => {
    const [fault] = lint({ ...good, from: "bot", targets: ["http://93.184.216.34/", "http://10.50.0.12/"] });
    assert.deepEqual(fault?.path, ["targets", 1]);
    assert.match(fault?.message ?? "", /10\.50\.0\.12 cannot be asked from the bot: it is in a private range/);
  });

  it("lets a test server ask it, and the bot a public address or a name", () => {
    assert.deepEqual(lint(good), []);
    assert.deepEqual(lint({ ...good, from: "bot", targets: ["http://93.184.216.34/", "https://payroll.contoso.example/"] }), []);
  });

  it("leaves what the schema refuses to the schema", () => assert.deepEqual(lint({ from: "bot" }), []));
});
