import assert from "node:assert/strict";
import type { CoverageRow, CoverageState } from "../../../src/coverage/coverage.ts";
import { coverageCard } from "../../../src/dialogs/coverage-card.ts";
import { wordsOf } from "../../../src/dialogs/card.ts";

const row = (kind: CoverageRow["kind"], name: string, state: CoverageState): CoverageRow => ({ kind, name, within: kind === "server" ? "payroll plan" : "", state, lastDrill: state === "never" ? "" : "PAY-0001", lastAt: state === "never" ? "" : "2026-11-01T00:00:00Z", result: "", version: "", why: state === "current" ? "" : `why ${name}` });

describe("the card of coverage", () => {
  const rows = [row("runbook", "payroll", "current"), row("plan", "payroll plan", "changed"), ...Array.from({ length: 9 }, (_, n) => row("server", `cache-${n}`, "never")), ...Array.from({ length: 991 }, (_, n) => row("server", `web-${n}`, "current"))];
  const { card } = coverageCard(rows);
  const bars = (card["body"] as readonly { readonly type: string; readonly columns?: readonly { readonly style?: string; readonly width: number }[] }[]).filter(({ type, columns }) => type === "ColumnSet" && columns?.[0]?.style !== undefined);

  it("shows of each kind how much of it is exercised, as a picture in which nine of a thousand are seen", () => {
    assert.deepEqual(bars.map(({ columns }) => columns?.map(({ style, width }) => `${style} ${width}`)), [["good 100"], ["warning 100"], ["good 99", "attention 1"]]);
  });

  it("says the same in words, and of each kind what needs a test", () => {
    const words = wordsOf(card);
    assert.match(words, /Servers \(1000\)\n+991 exercised · 9 never exercised/);
    assert.match(words, /payroll plan · changed since · PAY-0001, .* · why payroll plan/);
    assert.match(words, /cache-5 \(payroll plan\) · never exercised · never · why cache-5\nand 3 more/);
    assert.doesNotMatch(words, /web-1 /);
  });

  it("is content when everything was exercised", () => {
    assert.match(wordsOf(coverageCard([row("runbook", "payroll", "current")]).card), /Everything that is known was exercised/);
  });
});
