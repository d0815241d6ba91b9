import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export type LossyProxy = {
  readonly port: number;
  /** The next answer to a statement that contains these words gets lost: the server has done it, and both sides are cut off. */
  loseAnswerTo(words: string): void;
  readonly lost: () => number;
  close(): Promise<void>;
};

/** Stands between a program and its database, and now and then takes the answer away. */
export async function lossyProxy(to: { readonly host: string; readonly port: number }): Promise<LossyProxy> {
  let wanted: string | null = null;
  let lost = 0;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to.port, to.host);
    let losing = false;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.on("data", (chunk) => {
      if (wanted !== null && chunk.includes(wanted)) {
        wanted = null;
        losing = true;
      }
      far.write(chunk);
    });
    far.on("data", (chunk) => {
      // Ready for query: whatever was asked has been done.
      if (losing && chunk.includes("Z")) {
        lost += 1;
        near.destroy();
      } else if (!losing) near.write(chunk);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    loseAnswerTo: (words) => void (wanted = words),
    lost: () => lost,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
