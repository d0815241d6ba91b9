import { longDrill } from "../test/integration/auditor/long-drill.ts";
import { seededPages } from "../test/integration/auditor/seeded-pages.ts";
import { cost, type Bench } from "./figure.ts";

/** From asking for a page of a long drill to its last byte, with nothing of it read before: a second is good for 10,000 events. */
export const auditorPage: Bench = {
  name: "auditor-page",
  run: async (effort) => {
    const count = effort === "quick" ? 1_000 : 10_000;
    const names = ["L-1", "L-2", "L-3"];
    const pages = await seededPages(names.map((name) => longDrill(name, count)));
    try {
      const first: number[] = [];
      const late: number[] = [];
      for (const name of names) {
        first.push(await took(`${pages.server.origin}/drills/${name}`));
        late.push(await took(`${pages.server.origin}/drills/${name}/replay/${count - 1}`));
      }
      const atMost = (1_000 * count) / 10_000;
      return [cost(`first page of a drill of ${count} events`, "ms", Math.min(...first), atMost, 1), cost(`a late event of it in the replay`, "ms", Math.min(...late), atMost, 1)];
    } finally {
      await pages.close();
    }
  },
};

async function took(url: string): Promise<number> {
  const began = performance.now();
  const answer = await fetch(url);
  await answer.text();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return performance.now() - began;
}
