import type { Append, Clock, Wakeups } from "../../drills/ports.ts";
import type { Connection } from "./connection.ts";
import { drillOwner } from "./drill-owner.ts";
import type { Sharing } from "./drill-store.ts";
import { beatEveryMs, startHeartbeat } from "./heartbeat.ts";
import { holdDrills } from "./held-drills.ts";
import { listening } from "./listening.ts";
import { wakeupQueue } from "./wakeup-queue.ts";

export type ReplicaParts = {
  readonly connection: Connection;
  readonly schema: string;
  /** A new one for every process: a UUID. */
  readonly id: string;
  readonly clock: Clock;
  /** Milliseconds on a clock that nobody sets. */
  readonly uptime: () => number;
  readonly every: (ms: number, work: () => Promise<void>) => () => void;
  readonly newId: () => string;
  readonly onFault: (drill: string, fault: unknown) => void;
};

/** What one of several processes over one database shares with the others. */
export type Replica = { readonly sharing: Sharing; readonly wakeups: Wakeups; prepare(): Promise<void> };

/** What is due sooner stays in the memory of whoever has the drill; when it dies, its drills go into the queue. */
const queueFromMs = 60_000;
const letGoEveryMs = 1_000;

/**
 * One of several processes on one database. A drill has an owner, who alone begins its effects; a far wake-up goes into the
 * queue with the events that ask for it, and whoever takes it from there becomes the owner of a drill that has none.
 */
export function createReplica(parts: ReplicaParts): Replica {
  const { connection, schema, clock, onFault } = parts;
  const onOwnFault = (fault: unknown): void => onFault("", fault);
  let look: (drill: string) => Promise<void> = async () => undefined;
  let stopped = false;
  const lookSafely = (drill: string): Promise<void> => look(drill).catch((fault: unknown) => onFault(drill, fault));
  const lookAt = (drills: Iterable<string>): void => {
    if (!stopped) for (const drill of drills) void lookSafely(drill);
  };

  const held = holdDrills();
  const queue = wakeupQueue(connection, schema, onOwnFault);
  // What was not heard of meanwhile is looked up: nothing was begun here, and nothing will be by itself.
  const lookAtAll = (): void => lookAt(held.all());
  const heartbeat = startHeartbeat({ ...parts, onNewName: () => held.loseAll(), onHeardAgain: lookAtAll });
  const owner = drillOwner({ connection, schema, clock, heartbeat, held, queue });
  const others = listening(connection, schema, { onWord: (id, drill) => lookAt(id === heartbeat.id() ? [drill] : []), onListening: lookAtAll, onFault: onOwnFault });

  /** What the queue or the database brings. Looked at one by one: the queue brings many at once. */
  async function take(drills: readonly string[]): Promise<void> {
    if (stopped || !heartbeat.isHeard()) throw new Error("this replica is not to take drills now");
    for (const drill of await owner.take(drills)) await lookSafely(drill);
  }

  async function takeUpOwn(): Promise<void> {
    const unknown = await owner.unknown();
    if (unknown.length > 0 && heartbeat.isHeard()) await take(unknown);
  }

  const rounds: readonly (readonly [everyMs: number, work: () => Promise<void>])[] = [
    [beatEveryMs, heartbeat.beat],
    [beatEveryMs, owner.takeOver],
    [beatEveryMs, takeUpOwn],
    [letGoEveryMs, owner.letGo],
  ];
  let stopRounds: readonly (() => void)[] = [];

  const sharing: Sharing = {
    replica: () => heartbeat.id(),
    alongside({ drill, wakeAt }) {
      if (wakeAt === null || wakeAt.getTime() - clock().getTime() < queueFromMs || held.queuedFor(drill) === wakeAt.getTime()) return null;
      return { drill, at: wakeAt };
    },
    async send(query, wakeups) {
      await queue.send(query, wakeups);
      for (const { drill, at } of wakeups) held.queue(drill, at?.getTime() ?? 0);
    },
    appended({ drill, events }: Append, by) {
      held.written(drill, { us: by === heartbeat.id(), ended: events.some((e) => e.type === "drill.ended") });
      if (by !== null && by !== heartbeat.id()) others.tell(by, drill).catch((fault: unknown) => onFault(drill, fault));
    },
  };

  const wakeups: Wakeups = {
    shared: true,
    has: (drill) => held.has(drill) && heartbeat.isHeard(),
    rest: (drill, seq) => held.rest(drill, seq),
    leave(drill) {
      held.outgrow(drill);
      owner.giveUp(drill).catch((fault: unknown) => onFault(drill, fault));
    },
    async start(from) {
      look = from;
      await others.start();
      await queue.start(take);
      stopRounds = rounds.map(([everyMs, work]) => parts.every(everyMs, () => (stopped ? Promise.resolve() : work().catch(onOwnFault))));
      await connection.persist(owner.takeOver);
    },
    async stop() {
      stopped = true;
      await others.stop();
      for (const stop of stopRounds) stop();
      await queue.stop();
      await owner.leave().catch(onOwnFault);
      held.loseAll();
    },
  };
  return { sharing, wakeups, prepare: async () => { await queue.prepare(); await heartbeat.register(); } };
}
