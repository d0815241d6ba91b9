import type { Connection } from "./connection.ts";
import type { OnlyOne } from "../store.ts";

const tryEveryMs = 3_000;

/**
 * What only one of all replicas may do at a time: a lock that lives and dies with a connection says who. When the connection
 * is lost the work is stopped, and whoever gets the lock begins it anew.
 */
export function onlyOneOf(connection: Connection, schema: string): OnlyOne {
  return async (begin, onFault) => {
    let stopped = false;
    let timer: NodeJS.Timeout | undefined;
    let leading: { readonly end: () => Promise<void>; readonly work: { stop(): Promise<void> } } | null = null;

    const tryOnce = async (): Promise<void> => {
      if (leading !== null || stopped) return;
      const session = await connection.session(() => void lost().catch(onFault));
      const { rows } = await session.client.query<{ mine: boolean }>("SELECT pg_try_advisory_lock(hashtext($1)) AS mine", [`${schema}.log`]);
      if (rows[0]?.mine !== true) return session.end();
      try {
        leading = { end: session.end, work: await begin() };
      } catch (thrown) {
        await session.end();
        throw thrown;
      }
    };
    const lost = async (): Promise<void> => {
      const was = leading;
      leading = null;
      await was?.work.stop();
    };
    const again = (): void => {
      if (!stopped) timer = setTimeout(() => void tryOnce().catch(onFault).finally(again), tryEveryMs);
    };

    await connection.persist(tryOnce);
    again();
    return {
      async stop() {
        stopped = true;
        clearTimeout(timer);
        const was = leading;
        leading = null;
        await was?.work.stop();
        await was?.end();
      },
    };
  };
}
