import type { Append, DrillStore, KeptRecord, StoredEvent } from "../../src/drills/ports.ts";
import { genesisHead, sealEvent } from "../../src/evidence/chain.ts";
import { sha256 } from "../../src/evidence/hash.ts";
import type { DrillSummary } from "../../src/drills/ports.ts";
import { requireSequence } from "../../src/storage/append-rules.ts";
import { conflict, endsDrill, scopeHeld, unknownDrill } from "../../src/storage/history.ts";
import { summaryAfter } from "../../src/storage/summary.ts";

type Kept = { readonly summary: DrillSummary; readonly history: readonly StoredEvent[]; readonly wakeAt: Date | null };

/** A drill store in memory, under the contract of every store. Events pass through their bytes, so that nothing survives that a database would lose. */
export function memoryStore(): DrillStore & { readonly appends: Append[] } {
  const drills = new Map<string, Kept>();
  const scopes = new Map<string, string>();
  const blobs = new Map<string, Uint8Array>();
  const appends: Append[] = [];
  const records = new Map<string, KeptRecord[]>();
  let number = 0;
  const putBlob = (bytes: Uint8Array): string => {
    const hash = sha256(bytes);
    blobs.set(hash, Uint8Array.from(bytes));
    return hash;
  };
  return {
    appends,
    async append(append) {
      requireSequence(append);
      const { drill, expectedSeq, events, wakeAt, holds } = append;
      const known = drills.get(drill);
      const history = [...(known?.history ?? [])];
      if (history.length !== expectedSeq) throw conflict(append, history.length);
      for (const event of events) history.push(sealEvent(history.at(-1)?.head ?? genesisHead(drill), event));
      const taken = holds?.find((scope) => (scopes.get(scope) ?? drill) !== drill);
      if (taken !== undefined) throw scopeHeld(scopes.get(taken) ?? "", taken);
      drills.set(drill, { summary: summaryAfter(known?.summary ?? null, append), history, wakeAt });
      if (holds !== undefined || endsDrill(events)) for (const [scope, holder] of scopes) if (holder === drill) scopes.delete(scope);
      if (!endsDrill(events)) holds?.forEach((scope) => scopes.set(scope, drill));
      append.blobs?.forEach(putBlob);
      appends.push(append);
      const kept = [...(records.get(drill) ?? []), ...(append.records ?? [])];
      records.set(drill, kept.filter((r) => append.erases?.records.includes(r.ref) !== true));
      append.erases?.blobs.forEach((hash) => blobs.delete(hash));
    },
    read: async (drill, afterSeq = 0, limit = Infinity) =>
      (drills.get(drill)?.history ?? []).slice(afterSeq, afterSeq + limit).map((stored) => ({ ...stored, event: JSON.parse(Buffer.from(stored.bytes).toString("utf8")) })),
    list: async () => [...drills.values()].map((d) => d.summary).toSorted((a, b) => (b.startedAt + b.id < a.startedAt + a.id ? -1 : 1)),
    holders: async (wanted) => [...new Set(wanted.flatMap((scope) => scopes.get(scope) ?? []))],
    nextNumber: async () => (number += 1),
    async due(now) {
      const waking = [...drills.values()].flatMap(({ summary, wakeAt }) => (wakeAt === null ? [] : [{ id: summary.id, at: wakeAt.getTime() }])).toSorted((a, b) => a.at - b.at);
      const next = waking.find((d) => d.at > now.getTime());
      return { drills: waking.filter((d) => d.at <= now.getTime()).map((d) => d.id), next: next === undefined ? null : new Date(next.at) };
    },
    async setWakeUp(drill, at) {
      const known = drills.get(drill);
      if (known === undefined) throw unknownDrill(drill);
      drills.set(drill, { ...known, wakeAt: at });
    },
    records: async (drill) => (records.get(drill) ?? []).toSorted((a, b) => (a.ref < b.ref ? -1 : 1)),
    putBlob: async (bytes) => putBlob(bytes),
    blob: async (hash) => blobs.get(hash) ?? null,
  };
}
