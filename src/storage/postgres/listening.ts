import type { Connection } from "./connection.ts";

/** Between replicas: who writes into another's drill says so, and the other looks at it. */
export type Listening = {
  start(): Promise<void>;
  tell(owner: string, drill: string): Promise<void>;
  stop(): Promise<void>;
};

/** `onWord`: somebody wrote into this drill of that replica. `onListening`: what was said until now may have been missed. */
export function listening(connection: Connection, schema: string, on: { readonly onWord: (owner: string, drill: string) => void; readonly onListening: () => void; readonly onFault: (fault: unknown) => void }): Listening {
  const channel = `${schema}_drills`;
  const ends: (() => Promise<void>)[] = [];
  let stopped = false;

  async function listen(): Promise<void> {
    const session = await connection.session(() => void relisten());
    session.client.on("notification", ({ payload = "" }) => {
      const [owner = "", drill] = payload.split(" ");
      if (drill !== undefined) on.onWord(owner, drill);
    });
    await session.client.query(`LISTEN ${channel}`);
    ends.push(session.end);
    // The server may have come back while this replica ended.
    if (stopped) return session.end();
    on.onListening();
  }

  async function relisten(): Promise<void> {
    if (!stopped) await connection.persist(listen).catch(on.onFault);
  }

  return {
    start: () => connection.persist(listen),
    async tell(owner, drill) {
      await connection.query("SELECT pg_notify($1, $2)", [channel, `${owner} ${drill}`]);
    },
    async stop() {
      stopped = true;
      for (const end of ends) await end();
    },
  };
}
