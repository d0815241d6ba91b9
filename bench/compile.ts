import { readFileSync, readdirSync } from "node:fs";
import MarkdownIt from "markdown-it";
import { parseDocument } from "yaml";
import { catalogue } from "../src/composition.ts";
import { compile } from "../src/runbooks/compile.ts";
import { cost, nanosecondsEachSlow, type Bench, type Effort } from "./figure.ts";

const library = new URL("../runbooks/", import.meta.url);
const blockKeys = ["planned: 15m\nrole: operator", "guard: true\nonFail: stop", "timeout: 30m\nevidence: A screenshot", "marks: users-confirmed\ntimeout: 1h"];

/** A runbook as long as the longest that people write, with as much prose and as many kinds as those of the library. */
function longRunbook(steps: number, salt: number): string {
  const parts = Array.from({ length: steps }, (_, i) => {
    const head = i % 10 === 0 ? `## Phase ${i / 10 + 1} of ${salt}\n\nText of the phase.\n\n` : "";
    const prose = `### Step ${i + 1} of ${salt}\n\nOpen the **page** of the [service](https://contoso.example/${i}) and read the second line. Then wait.\n\n- first look here\n- then there\n\n`;
    const block = [
      `\`\`\`manual\n${blockKeys[i % blockKeys.length]}\ntimeout: 20m\n\`\`\``.replace("timeout: 30m\n", "").replace("timeout: 1h\n", ""),
      "```check http\nas: kemp-loadmaster\nfrom: web-01-test\ntargets: [\"http://10.50.0.11/\", \"http://10.50.0.12/\"]\nhost: payroll.contoso.example\nexpect: { status: 200 }\nplanned: 5m\n```",
      "```powershell\nGet-Service PayrollQueue | Format-List\n```",
      "```ask\ntimeout: 15m\nanswers:\n  NAME: { type: text, label: Host name }\n```".replace("NAME", `n${i}`),
    ];
    return `${head}${prose}${block[i % block.length]}\n\n`;
  });
  return `---\nid: long-${salt}\nowner: dr-team@contoso.example\n---\n# Long runbook ${salt}\n\n${parts.join("")}`;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What any compiler must do at least: the same parsers over the same bytes, with every node kept. */
function parsersAlone(): (texts: readonly string[]) => number {
  const markdown = new MarkdownIt("default", { html: true });
  const runs = /^(?:manual|checklist|check|action|approval|ask|decide|wait|announce|include)\b/;
  return (texts) => {
    let nodes = 0;
    for (const text of texts) {
      const front = /^---\n([\s\S]*?)\n---\n/.exec(text);
      if (front?.[1] !== undefined) nodes += parseDocument(front[1], { prettyErrors: false }).contents === null ? 0 : 1;
      for (const token of markdown.parse(front === null ? text : text.slice(front[0].length), {})) {
        nodes += 1;
        if (token.type === "fence" && runs.test(token.info)) nodes += parseDocument(token.content, { prettyErrors: false }).contents === null ? 0 : 1;
      }
    }
    return nodes;
  };
}

function compared(name: string, texts: readonly string[], effort: Effort) {
  const sources = texts.map((text, i) => ({ bytes: bytesOf(text), file: `${i}.md`, text }));
  const faulty = sources.flatMap(({ bytes, file }) => compile(bytes, file, catalogue).diagnostics.filter((d) => d.severity === "error"));
  if (faulty.length > 0) throw new Error(`What is measured does not compile: ${JSON.stringify(faulty[0])}`);
  const floor = parsersAlone();
  const times = nanosecondsEachSlow(effort === "quick" ? 5 : sources.length === 1 ? 60 : 7, { compiled: () => sources.reduce((count, { bytes, file }) => count + compile(bytes, file, catalogue).diagnostics.length, 0), parsed: () => floor(texts) });
  return cost(name, "ms", times.compiled / 1e6, times.parsed / 1e6, 3);
}

/** A runbook of 300 steps, warm, beside the chosen Markdown parser and YAML library over the same bytes. */
export const compileLong: Bench = { name: "compile-300", run: async (effort) => [compared("compile a runbook of 300 steps", [longRunbook(300, 1)], effort)] };

/** A thousand runbooks, those of the library among them, beside the same. */
export const compileMany: Bench = {
  name: "compile-1000",
  run: async (effort) => {
    const own = readdirSync(library).filter((file) => file.endsWith(".md")).map((file) => readFileSync(new URL(file, library), "utf8"));
    const texts = Array.from({ length: effort === "quick" ? 50 : 1_000 }, (_, i) => own[i % (own.length * 2)] ?? longRunbook(20, i));
    return [compared(`compile ${texts.length} runbooks`, texts, effort)];
  },
};
