import { once } from "node:events";
import { createServer } from "node:http";

export type Started = { readonly key: string; readonly tag: string; readonly at: number };

/** What drills change and look at: it outlives the processes that do, and counts what really reached it. */
export type Outside = {
  readonly url: string;
  readonly starts: Started[];
  readonly cards: Map<string, number>;
  /** Answers to the next starts get lost, after they took effect. */
  loseAnswers: number;
  close(): Promise<void>;
};

export async function startOutside(): Promise<Outside> {
  const starts: Started[] = [];
  const cards = new Map<string, number>();
  const looks = new Map<string, number>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const of = (name: string): string => url.searchParams.get(name) ?? "";
    const say = (body: object): void => void response.end(JSON.stringify(body));
    request.resume().on("end", () => {
      switch (url.pathname) {
        case "/start":
          starts.push({ key: of("key"), tag: of("tag"), at: Date.now() });
          if (outside.loseAnswers > 0) {
            outside.loseAnswers -= 1;
            return void request.socket.destroy();
          }
          return say({ handle: of("tag") });
        case "/find":
          return say({ handle: starts.some((s) => s.tag === of("tag")) ? of("tag") : null });
        case "/follow": {
          const count = (looks.get(of("handle")) ?? 0) + 1;
          looks.set(of("handle"), count);
          return say({ state: count < 2 ? "running" : "succeeded" });
        }
        case "/card":
          cards.set(of("surface"), (cards.get(of("surface")) ?? 0) + 1);
          return say({ messageId: `m-${of("surface")}-${cards.get(of("surface"))}` });
        default:
          response.statusCode = 404;
          return say({});
      }
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const outside: Outside = {
    url: `http://127.0.0.1:${port}`,
    starts,
    cards,
    loseAnswers: 0,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return outside;
}
