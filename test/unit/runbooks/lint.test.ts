import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DrillbookError } from "../../../src/errors.ts";
import { asJson, asSarif, asText } from "../../../src/runbooks/lint-report.ts";
import { hasErrors, lint } from "../../../src/runbooks/lint.ts";
import { catalogue } from "./example-catalogue.ts";

describe("lint", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "drillbook-lint-"));
    mkdirSync(join(root, "runbooks/deep"), { recursive: true });
    writeFileSync(join(root, "runbooks/good.md"), "# Good\n\n## Step\n");
    writeFileSync(join(root, "runbooks/notes.txt"), "no runbook");
    writeFileSync(join(root, "runbooks/deep/bad one.md"), "# Bad\n\n## Step\n\n```check htpp\n```\n");
    writeFileSync(join(root, "secret.md"), "# Secret\n\n## Step\n");
    symlinkSync(join(root, "secret.md"), join(root, "runbooks/link.md"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const bad = () => join(root, "runbooks/deep/bad one.md");

  it("reads folders and what is below them, each file once, and follows no links", async () => {
    const report = await lint([join(root, "runbooks"), join(root, "runbooks/good.md")], catalogue);
    assert.deepEqual(report.files, [bad(), join(root, "runbooks/good.md")]);
    assert.equal(hasErrors(report), true);
    assert.equal(hasErrors(await lint([join(root, "runbooks/good.md")], catalogue)), false);
  });

  it("finds two files with one id", async () => {
    writeFileSync(join(root, "runbooks/deep/good.md"), "# Good too\n\n## Step\n");
    const report = await lint([join(root, "runbooks")], catalogue);
    assert.deepEqual(report.diagnostics.map((d) => d.rule), ["unknown-type", "duplicate-id"]);
  });

  it("refuses a path that is not there", async () => {
    await assert.rejects(lint([join(root, "nowhere")], catalogue), (e) => e instanceof DrillbookError && e.code === "not-found");
  });

  it("says it in text", async () => {
    const report = await lint([join(root, "runbooks")], catalogue);
    assert.equal(asText(report), `${bad()}:5:10 error: There is no check \`htpp\`. (unknown-type)\n    Did you mean \`http\`?\n2 files, 1 error, 0 warnings`);
  });

  it("says it in JSON", async () => {
    const report = await lint([bad()], catalogue);
    assert.deepEqual(asJson(report), {
      format: 1,
      files: [bad()],
      diagnostics: [{ ...report.diagnostics[0], help: "docs/runbook-format.md#unknown-type" }],
    });
  });

  it("says it in SARIF", async () => {
    const sarif = JSON.parse(JSON.stringify(asSarif(await lint([bad()], catalogue), "1.2.3")));
    assert.equal(sarif.version, "2.1.0");
    const [run] = sarif.runs;
    assert.deepEqual([run.tool.driver.name, run.tool.driver.version, run.tool.driver.rules[run.results[0].ruleIndex].id], ["drillbook", "1.2.3", "unknown-type"]);
    const { artifactLocation, region } = run.results[0].locations[0].physicalLocation;
    assert.ok(artifactLocation.uri.endsWith("/deep/bad%20one.md"));
    assert.deepEqual(region, { startLine: 5, startColumn: 10, endLine: 5, endColumn: 14 });
  });
});
