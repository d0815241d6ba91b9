import { readFileSync, readdirSync } from "node:fs";
import MarkdownIt from "markdown-it";
import { catalogue } from "../src/composition.ts";
import { compile } from "../src/runbooks/compile.ts";
import type { Diagnostic } from "../src/runbooks/runbook.ts";
import { cost, type Bench } from "./figure.ts";

const folders = ["../runbooks/", "../test/conformance/good/"].map((path) => new URL(path, import.meta.url));
const bits = ["\n", "```", "---", "  ", "\t", ":", "- ", "${", "}", "[", "{", "&a", "*a", "<<: ", "!!", "#", "## ", "### ", ">", "|", '"', "<!--", "\u202e", "\0", "```include a\n```\n", "needs: x\n", "track: a\n", "when: a == 'b'\n", "\xff"].map((text) => Buffer.from(text, "utf8"));

/** A source of numbers that is the same in every run: a fault that was found can be found again. */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function mutated(bytes: Buffer, next: (below: number) => number): Buffer {
  let now = bytes;
  for (let cuts = 1 + next(4); cuts > 0; cuts -= 1) {
    const at = next(now.length + 1);
    const put = next(4) === 0 ? Buffer.from([next(256), next(256)]) : (bits[next(bits.length)] ?? Buffer.alloc(0));
    now = Buffer.concat([now.subarray(0, at), put, now.subarray(at + next(40))]);
  }
  return now;
}

function isAnAnswer(runbook: object | null, diagnostics: readonly Diagnostic[]): boolean {
  const placed = diagnostics.every(({ from, to, message, suggestion }) => from.line >= 1 && from.column >= 1 && (to.line > from.line || (to.line === from.line && to.column >= from.column)) && message !== "" && suggestion !== "");
  return placed && (runbook === null) === diagnostics.some((d) => d.severity === "error");
}

/** Throws for the first mutation that is not answered as a runbook is; the figure says what an answer costs on the average. */
export const mutations: Bench = {
  name: "mutations",
  run: async (effort) => {
    const valid = folders.flatMap((folder) => readdirSync(folder).filter((file) => file.endsWith(".md")).map((file) => readFileSync(new URL(file, folder))));
    const count = effort === "quick" ? 2_000 : 100_000;
    const next = numbers(20_260_503);
    const markdown = new MarkdownIt("default", { html: true });
    let [compiled, parsed, slowest, refused] = [0n, 0n, 0n, 0];
    for (let i = 0; i < count; i += 1) {
      const bytes = mutated(valid[next(valid.length)] ?? Buffer.alloc(0), next);
      const began = process.hrtime.bigint();
      const { runbook, diagnostics } = compile(bytes, "mutated.md", catalogue);
      const passed = process.hrtime.bigint() - began;
      compiled += passed;
      if (passed > slowest) slowest = passed;
      if (runbook === null) refused += 1;
      if (!isAnAnswer(runbook, diagnostics)) throw new Error(`Mutation ${i} has no proper answer: ${JSON.stringify(diagnostics)}\n${bytes.toString("utf8")}`);
      const text = bytes.toString("utf8");
      const before = process.hrtime.bigint();
      markdown.parse(text, {});
      parsed += process.hrtime.bigint() - before;
    }
    console.error(`${count} mutations, ${refused} refused, the slowest answer took ${Number(slowest / 1_000_000n)} ms`);
    return [cost("compile a mutation of a runbook", "µs", Number(compiled) / count / 1e3, Number(parsed) / count / 1e3, 20)];
  },
};
