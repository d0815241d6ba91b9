import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const clock = () => new Date("2026-11-20T21:04:00.000Z");

/** A folder for the surrounding describe block, gone afterwards. */
export function inTemporaryFolder(): { path(name: string): string } {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "drillbook-test-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  return { path: (name) => join(folder, name) };
}
