import assert from "node:assert/strict";
import { httpCheck } from "../../src/checks/http/check.ts";
import type { Json } from "../../src/runbooks/runbook.ts";

/** As long as proxies and we wait for an answer: far longer than a server here takes that is not slow on purpose, wherever the machine stands still for a moment. */
export const patienceMs = 4_000;

export type Row = { readonly url: string; readonly label: string; readonly host: string | null; readonly decides: boolean; readonly verdict: string; readonly reason: string; readonly sent: string; readonly received: string };

const check = httpCheck({ scripts: { run: async () => assert.fail("no script runs") }, resolve: async () => [], allowPrivate: true, own: true, concurrency: 32, clock: () => new Date() });

/** Our own answer to the question that the proxy was asked, through the whole check, on loopback. */
export async function ask(input: { readonly [key: string]: Json }): Promise<{ readonly verdict: string; readonly diagnosis: readonly string[]; readonly rows: readonly Row[] }> {
  const seen = await check.observe({ from: "bot", timeout: `${patienceMs / 1_000}s`, ...input }, { signal: new AbortController().signal, record: () => undefined, testServers: [] });
  return { verdict: seen.verdict, diagnosis: seen.diagnosis, rows: (seen.result as unknown as { rows: readonly Row[] }).rows };
}

/** What we predict for each port, by the same lines; 32 targets are as many as a check takes. */
export async function predictions(ports: ReadonlyMap<string, number>, input: { readonly [key: string]: Json }, scheme = "http"): Promise<ReadonlyMap<string, Row>> {
  const names = [...ports.keys()];
  const groups = Array.from({ length: Math.ceil(names.length / 32) }, (_, n) => names.slice(n * 32, n * 32 + 32));
  const found = await Promise.all(groups.map(async (some) => {
    const { rows } = await ask({ compare: [], ...input, targets: some.map((name) => `${scheme}://127.0.0.1:${ports.get(name)}/`) });
    return some.map((name, at): readonly [string, Row] => {
      const row = rows[at];
      assert.ok(row, name);
      return [name, row];
    });
  }));
  return new Map(found.flat());
}
