import { createHash } from "node:crypto";
import type { DrillEvent } from "../../src/drills/events.ts";
import type { Append, DrillStore, KeptRecord } from "../../src/drills/ports.ts";
import { DrillbookError } from "../../src/errors.ts";

/** A drill store in memory. It passes everything through JSON, so that nothing survives that a database would lose. */
export function memoryStore(): DrillStore & { readonly appends: Append[] } {
  const histories = new Map<string, string[]>();
  const wakes = new Map<string, Date>();
  const blobs = new Map<string, Uint8Array>();
  const appends: Append[] = [];
  const records = new Map<string, KeptRecord[]>();
  let number = 0;
  const eventsOf = (drill: string): DrillEvent[] => (histories.get(drill) ?? []).map((text) => JSON.parse(text) as DrillEvent);
  return {
    appends,
    async append(append) {
      const history = histories.get(append.drill) ?? [];
      if (history.length !== append.expectedSeq) throw new DrillbookError("conflict", "Somebody else wrote first.", "Try again.");
      appends.push(append);
      histories.set(append.drill, [...history, ...append.events.map((e) => JSON.stringify(e))]);
      const kept = [...(records.get(append.drill) ?? []), ...(append.records ?? [])];
      records.set(append.drill, kept.filter((r) => append.erases?.records.includes(r.ref) !== true));
      if (append.wakeAt === null) wakes.delete(append.drill);
      else wakes.set(append.drill, append.wakeAt);
    },
    read: async (drill, afterSeq = 0, limit = Infinity) =>
      eventsOf(drill).slice(afterSeq, afterSeq + limit).map((event) => ({ event, bytes: new TextEncoder().encode(JSON.stringify(event)), head: "" })),
    list: async () =>
      [...histories.keys()].map((id) => {
        const events = eventsOf(id);
        const first = events[0];
        const end = events.find((e) => e.type === "drill.ended");
        return {
          id,
          runbook: first?.type === "drill.launched" ? first.runbook.id : "",
          title: first?.type === "drill.launched" ? first.runbook.title : "",
          mode: first?.type === "drill.launched" ? first.mode : "",
          startedAt: first?.at ?? "",
          endedAt: end?.at ?? null,
          result: end?.type === "drill.ended" ? end.result : null,
          events: events.length,
        };
      }),
    nextNumber: async () => (number += 1),
    due: async (now) => ({
      drills: [...wakes].filter(([, at]) => at <= now).map(([id]) => id),
      next: [...wakes.values()].filter((at) => at > now).toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null,
    }),
    async setWakeUp(drill, at) {
      if (at === null) wakes.delete(drill);
      else wakes.set(drill, at);
    },
    records: async (drill) => (records.get(drill) ?? []).toSorted((a, b) => (a.ref < b.ref ? -1 : 1)),
    async putBlob(bytes) {
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      blobs.set(sha256, bytes);
      return sha256;
    },
    blob: async (sha256) => blobs.get(sha256) ?? null,
  };
}
