import assert from "node:assert/strict";
import { probeScripts } from "../../../../src/checks/http/probe-scripts.ts";
import { probeOutcomes } from "../../../../src/checks/http/wire.ts";

const { posix, powershell } = probeScripts();

/** The script without its comments. */
function code(text: string): string {
  return text.split("\n").filter((line) => !/^\s*#/.test(line)).join("\n");
}

/** The lines of the format, which stand in both scripts' heads word for word. */
function format(text: string): readonly string[] {
  const head = text.split("\n").map((line) => line.replace(/^# ?/, ""));
  const from = head.findIndex((line) => line.startsWith("  id  address"));
  const to = head.findIndex((line) => line.startsWith("when larger than"));
  return head.slice(from, to + 1);
}

const posixCode = code(posix.text);
const powershellCode = code(powershell.text);
const figure = (text: string, pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? Number.NaN);

describe("the two forms of the shipped probe", () => {
  it("say the same of what comes in and what goes out", () => {
    assert.ok(format(posix.text).length > 8);
    assert.deepEqual(format(powershell.text), format(posix.text));
  });

  for (const [what, inPosix, inPowershell] of [
    ["seconds of quiet that end an answer", /^QUIET = 0\.(\d)$/m, /^\$quietMs = (\d)00$/m],
    ["bytes that are read at most", /^MOST = (\d+)$/m, /^\$mostBytes = (\d+)$/m],
    ["bytes of the largest certificate", /^LARGEST = (\d+)$/m, /^\$largestBytes = (\d+)$/m],
    ["bytes of a chain's names", /^CHAIN = (\d+)$/m, /^\$chainBytes = (\d+)$/m],
    ["bytes of one reading", /recv\((\d+)\)/, /New-Object byte\[\] (\d+)/],
    ["letters of a subject", /\[:(90)\]/, /Min\((90),/],
    ["certificates of a chain", /named\[:(\d)\]/, /Count -lt (\d)/],
  ] as const) {
    it(`agree on the ${what}`, () => {
      assert.ok(figure(posixCode, inPosix) > 0);
      assert.equal(figure(powershellCode, inPowershell), figure(posixCode, inPosix));
    });
  }

  it("know every outcome that there is, and no other", () => {
    const inPosix = [...posixCode.matchAll(/"outcome": "([a-z-]+)"|\["outcome"\] = "([a-z-]+)"(?: if .* else "([a-z-]+)")?/g)].flatMap((match) => match.slice(1).filter((word) => word !== undefined));
    const inPowershell = [...powershellCode.matchAll(/outcome = '([a-z-]+)'|return '(refused|reset|timed-out|unreachable)'/g)].flatMap((match) => match.slice(1).filter((word) => word !== undefined));
    assert.deepEqual([...new Set(inPosix)].sort(), [...probeOutcomes].sort());
    assert.deepEqual([...new Set(inPowershell)].sort(), [...probeOutcomes].sort());
  });

  it("print as many fields as each other, in one order", () => {
    const inPosix = /"\\t"\.join\(\[(.*)\]\)/.exec(posixCode)?.[1]?.match(/ident|a\["(\w+)"\]|kept/g)?.length;
    const inPowershell = /Write-Output \((.*) -join "`t"\)/.exec(powershellCode)?.[1]?.split(",").length;
    assert.deepEqual([inPosix, inPowershell], [9, 9]);
    assert.match(powershellCode, /\$field\[0\], \$a\.outcome, \$a\.connectMs, \$a\.tlsMs, \$a\.firstByteMs, \$a\.totalMs, \$all, \$text, \$a\.certificate -join/);
    assert.match(posixCode, /\[ident, a\["outcome"\], str\(a\["connect"\]\), str\(a\["tls"\]\), str\(a\["first"\]\), str\(a\["total"\]\), str\(len\(a\["data"\]\)\), kept, a\["certificate"\]\]/);
  });

  it("refuse the same places of the platform", () => {
    for (const place of ["169.254.", "168.63.129.16", "100.100.100.200", "192.0.0.192"]) {
      assert.ok(posixCode.includes(place) && powershellCode.includes(place), place);
    }
    for (const [inPosix, inPowershell] of [["64:ff9b::/96", "0064FF9B0000000000000000"], ["64:ff9b:1::/48", "0064FF9B0001"], ["2002::/16", "'2002'"], ["fd00:ec2::254", "FD000EC2000000000000000000000254"], ["fe80::/10", "$part[1] -band 192"]] as const) {
      assert.ok(posixCode.includes(inPosix) && powershellCode.includes(inPowershell), inPosix);
    }
  });

  it("end with the same words and codes", () => {
    assert.match(posixCode, /end\\t%d/);
    assert.match(powershellCode, /"end`t" \+ \$lines\.Length/);
    for (const text of [posixCode, powershellCode]) assert.match(text, /http-probe: no requests were given[\s\S]{0,20}exit 2/);
  });
});

describe("the PowerShell form, which nobody could run", () => {
  it("keeps to what 5.1 and 7 both know, and to plain ASCII", () => {
    assert.doesNotMatch(powershell.text, /[^\n\t\x20-\x7e]/);
    assert.doesNotMatch(powershellCode, /\?\?|\?\.|&&|\|\||\? .* : |-Parallel|clean \{/);
  });

  it("uses no alias, no web cmdlet and nothing that runs text", () => {
    const words = [...powershellCode.matchAll(/(?<![\w$.[-])([A-Z][a-z]+-[A-Z]\w+)\b/g)].map((match) => match[1]);
    assert.deepEqual([...new Set(words)].sort(), ["Get-Fault", "Get-Protocol", "Get-Shown", "Invoke-Exchange", "New-Object", "Set-StrictMode", "Test-Head", "Test-Platform", "Write-Output"]);
    assert.doesNotMatch(powershellCode, /^\s*(?:%|\?|iwr|irm|curl|wget|iex|echo|cat|ls|gc|gci|select|where|foreach-object|sort)\b|\|/im);
    assert.doesNotMatch(powershellCode, /Invoke-(?:Expression|WebRequest|RestMethod|Command)|Start-Process|Add-Type|DownloadString|WebClient|HttpClient|Out-File|Set-Content|\bTee\b/i);
  });

  it("closes what it opens", () => {
    // Outside of texts, comments and the backquotes of line ends.
    const bare = powershellCode.replace(/'[^'\n]*'|"[^"\n]*"/g, "''");
    for (const [open, close] of [["{", "}"], ["(", ")"], ["[", "]"]] as const) assert.equal(bare.split(open).length, bare.split(close).length, open);
  });

  it("calls each function of its own with as many arguments as it takes", () => {
    for (const [, name = "", list = ""] of powershellCode.matchAll(/^function ([\w-]+)\((.*)\) \{$/gm)) {
      const takes = list.split(",").length;
      const calls = [...powershellCode.matchAll(new RegExp(`(?<!function )${name} ((?:\\$[\\w.]+(?:\\[\\d\\])?|\\((?:[^()]|\\([^()]*\\))*\\))(?: (?:\\$[\\w.]+(?:\\[\\d\\])?|\\((?:[^()]|\\([^()]*\\))*\\)))*)`, "g"))].map((match) => match[1] ?? "");
      assert.ok(calls.length > 0, name);
      for (const call of calls) assert.equal(call.replace(/\((?:[^()]|\([^()]*\))*\)/g, "x").trim().split(" ").length, takes, `${name}: ${call}`);
    }
  });

  it("says in its head that it is unproven", () => {
    assert.match(powershell.text, /never yet run by its authors/);
  });
});
