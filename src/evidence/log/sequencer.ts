import type { Clock } from "../../drills/ports.ts";
import { entryHash, originOf } from "./checkpoint.ts";
import { requireSameStore } from "./restored.ts";
import { logNames, type LogIdentity, type LogName, type LogStore } from "./ports.ts";
import type { CheckpointSigner } from "./signer.ts";
import { merkleTree, type MerkleTree } from "./tree.ts";

export type SequencerParts = {
  readonly store: LogStore;
  readonly signer: (log: LogName) => CheckpointSigner;
  readonly clock: Clock;
  /** Calls back after so many milliseconds; the answer cancels it. */
  readonly after: (ms: number, callback: () => void) => () => void;
  readonly onFault: (fault: unknown) => void;
  /** Azure's clock less ours, in milliseconds, asked at every checkpoint; null: no answer. Absent: it is not asked. */
  readonly clockMs?: () => Promise<number | null>;
  /** Brings a checkpoint to places outside. Nothing waits for it, and its faults end nothing. */
  readonly anchor?: (note: string, log: LogName) => Promise<void>;
};

/** Copies drill heads into the log and signs checkpoints. One process does it at a time. */
export type Sequencer = {
  /** Copies what is new and signs what is due, now. Throws what the signer throws. */
  pass(options?: { readonly sign: boolean }): Promise<void>;
  /** One last pass, then nothing more. */
  stop(): Promise<void>;
};

/** The log is at most a second behind; most of it is for the pass itself, which waits its turn on a busy database. */
const everyMs = 250;
const signAfterEvents = 100;
const pageSize = 500;
const signAfterMs = 15 * 60_000;

type Log = { readonly identity: LogIdentity; readonly tree: MerkleTree; unsigned: number; due: boolean; lastAt: number };

/**
 * The one writer of the logs, behind the drills: none of them waits for it. Signs at every decided approval, drill end,
 * 100 events, and 15 minutes while drills run. Throws `evidence-broken` when the store is older than its last checkpoint.
 */
export async function startSequencer(parts: SequencerParts): Promise<Sequencer> {
  const { store, signer, clock } = parts;
  const logs = new Map<LogName, Log>();
  for (const name of logNames) logs.set(name, await openLog(parts, name));
  let working: Promise<void> = Promise.resolve();
  let cancel = (): void => undefined;
  let stopped = false;
  let anchoring: Promise<void> = Promise.resolve();

  const passNow = async (sign: boolean): Promise<void> => {
    for (const { log: name, entries, events, decisive } of await store.sequence(new Map([...logs].map(([name, { tree }]) => [name, tree.size()])))) {
      const log = logs.get(name)!;
      for (const entry of entries) log.tree.append(entryHash(entry));
      log.unsigned += events;
      log.due ||= decisive || log.unsigned >= signAfterEvents;
    }
    for (const [name, log] of logs) if (await isDue(name, log, sign)) await signNow(name, log);
  };

  const isDue = async (name: LogName, log: Log, asked: boolean): Promise<boolean> => {
    if (log.due || (asked && log.unsigned > 0)) return true;
    if (log.tree.size() === 0 || clock().getTime() - log.lastAt < signAfterMs) return false;
    return (await store.running(name)) > 0;
  };

  const signNow = async (name: LogName, log: Log): Promise<void> => {
    const size = log.tree.size();
    const from = signer(name).last()?.size ?? 0;
    const at = clock();
    const facts = { log: name, identity: log.identity, size, root: log.tree.root(size), at, clockMs: (await parts.clockMs?.()) ?? null };
    const note = await signer(name).sign(facts, from > size ? [] : log.tree.consistency(from, size));
    await store.keepCheckpoint(name, { size, note });
    anchoring = Promise.all([anchoring, parts.anchor?.(note, name).catch(parts.onFault)]).then(() => undefined);
    Object.assign(log, { unsigned: 0, due: false, lastAt: at.getTime() });
  };

  const pass = (sign: boolean): Promise<void> => {
    const next = working.then(() => passNow(sign));
    working = next.catch(() => undefined);
    return next;
  };

  const again = (): void => {
    cancel = parts.after(everyMs, () => {
      void pass(false).catch(parts.onFault).finally(() => stopped || again());
    });
  };
  again();

  return {
    pass: (options) => pass(options?.sign ?? false),
    async stop() {
      stopped = true;
      cancel();
      await pass(true).catch(parts.onFault);
      await anchoring;
    },
  };
}

async function openLog({ store, signer, clock }: SequencerParts, name: LogName): Promise<Log> {
  const identity = await store.identity(name);
  const tree = merkleTree();
  // Page by page: a log of years must not be in memory as a whole when only its hashes are wanted.
  for (let page = await store.entries(name, 0, pageSize); page.length > 0; page = await store.entries(name, tree.size(), pageSize)) {
    for (const entry of page) tree.append(entryHash(entry));
  }
  const last = signer(name).last();
  requireSameStore(name, originOf(name, identity), tree, last);
  // What lies behind the last checkpoint is signed at the first pass: why it was due is not known any more.
  const behind = tree.size() - (last?.size ?? 0);
  const unkept = (await store.lastCheckpoint(name))?.size !== last?.size;
  return { identity, tree, unsigned: behind, due: behind > 0 || unkept, lastAt: last === null ? clock().getTime() : Date.parse(last.time) };
}
