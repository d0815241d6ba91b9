import { randomUUID } from "node:crypto";
import { peer } from "./peer.ts";
import { decisionTimes, rateOf, type Rate, type Size } from "./rate.ts";

/** What we use of the SDK; it is not among our own dependencies. */
type Dbos = {
  readonly DBOS: {
    setConfig(config: { readonly name: string; readonly systemDatabaseUrl: string; readonly logLevel: string; readonly runAdminServer: boolean }): void;
    launch(): Promise<void>;
    shutdown(): Promise<void>;
    registerWorkflow<A extends readonly unknown[], R>(work: (...args: A) => Promise<R>, options: { readonly name: string }): (...args: A) => Promise<R>;
    runStep<R>(work: () => Promise<R>, options: { readonly name: string }): Promise<R>;
    recv<T>(topic: string, timeoutSeconds: number): Promise<T | null>;
    send(workflow: string, message: unknown, topic: string): Promise<void>;
    sleep(ms: number): Promise<void>;
    startWorkflow<A extends readonly unknown[], R>(workflow: (...args: A) => Promise<R>, params: { readonly workflowID: string }): (...args: A) => Promise<{ getResult(): Promise<R> }>;
  };
};

/** The same drill as a workflow of DBOS, as its documentation writes one. Null when it is not installed. */
export async function dbosDrills(url: string, size: Size): Promise<Rate | null> {
  const found = await peer<Dbos>("@dbos-inc/dbos-sdk");
  if (found === null) return null;
  const { DBOS } = found;
  const asked = new Map<string, () => void>();
  const begun = new Map<string, () => void>();
  DBOS.setConfig({ name: "bench", systemDatabaseUrl: url.replace(/\/[^/]*$/, "/dbos_bench"), logLevel: "error", runAdminServer: false });
  const drill = DBOS.registerWorkflow(async (id: string) => {
    await DBOS.runStep(async () => "card", { name: "card" });
    asked.get(id)?.();
    await DBOS.recv("approval", 600);
    const handle = await DBOS.runStep(async () => {
      begun.get(id)?.();
      begun.delete(id);
      return id;
    }, { name: "start" });
    for (let looks = 1; (await DBOS.runStep(async () => looks, { name: "poll" })) < 2; looks += 1);
    await DBOS.sleep(10);
    await DBOS.runStep(async () => `card of ${handle}`, { name: "card" });
    return "passed";
  }, { name: "drill" });
  await DBOS.launch();
  const start = async () => {
    const id = randomUUID();
    const isAsked = new Promise<void>((resolve) => void asked.set(id, resolve));
    const started = await DBOS.startWorkflow(drill, { workflowID: id })(id);
    await isAsked;
    asked.delete(id);
    return { id, started };
  };
  const perSecond = await rateOf(size, async () => {
    const { id, started } = await start();
    await DBOS.send(id, "approve", "approval");
    await started.getResult();
  });
  const decisionMs = await decisionTimes(size, async () => {
    const { id } = await start();
    return async () => {
      const next = new Promise<void>((resolve) => void begun.set(id, resolve));
      await DBOS.send(id, "approve", "approval");
      await next;
    };
  });
  await DBOS.shutdown();
  return { perSecond, decisionMs };
}
