import { once } from "node:events";
import { createServer } from "node:http";

/** `plan`: what whoever sent it had last been shown of its targets; null: they had not looked. */
export type Started = { readonly key: string; readonly tag: string; readonly at: number; readonly plan: string | null };

/** A card as it arrived. `numbers`: the generations that its buttons say they are of. */
export type Posted = { readonly drill: string; readonly surface: string; readonly generation: number; readonly numbers: readonly number[]; readonly messageId: string };

/** What drills change and look at: it outlives the processes that do, and counts what really reached it. */
export type Outside = {
  readonly url: string;
  readonly starts: Started[];
  readonly posts: Posted[];
  /** Answers to the next starts, and to the next cards, get lost, after they took effect. */
  loseAnswers: number;
  loseCards: number;
  /** Whether somebody changes the targets in the portal, asked at every look at them; `earlier`: how often these were looked at before. */
  changesNow: (earlier: number) => boolean;
  close(): Promise<void>;
};

export async function startOutside(): Promise<Outside> {
  const starts: Started[] = [];
  const tags = new Set<string>();
  const posts: Posted[] = [];
  const looks = new Map<string, number>();
  const previews = new Map<string, number>();
  const plans = new Map<string, number>();
  const shown = new Map<string, string>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const of = (name: string): string => url.searchParams.get(name) ?? "";
    const say = (body: object): void => void response.end(JSON.stringify(body));
    request.resume().on("end", () => {
      switch (url.pathname) {
        case "/preview": {
          const earlier = previews.get(of("key")) ?? 0;
          previews.set(of("key"), earlier + 1);
          if (outside.changesNow(earlier)) plans.set(of("key"), (plans.get(of("key")) ?? 0) + 1);
          shown.set(of("key"), `plan-${plans.get(of("key")) ?? 0}`);
          return say({ plan: shown.get(of("key")) });
        }
        case "/start":
          starts.push({ key: of("key"), tag: of("tag"), at: Date.now(), plan: shown.get(of("key")) ?? null });
          tags.add(of("tag"));
          if (outside.loseAnswers > 0) {
            outside.loseAnswers -= 1;
            return void request.socket.destroy();
          }
          return say({ handle: of("tag") });
        case "/find":
          return say({ handle: tags.has(of("tag")) ? of("tag") : null });
        case "/follow": {
          const count = (looks.get(of("handle")) ?? 0) + 1;
          looks.set(of("handle"), count);
          return say({ state: count < 2 ? "running" : "succeeded" });
        }
        case "/card":
          posts.push({ ...(JSON.parse(of("posted")) as Omit<Posted, "messageId">), messageId: `m-${posts.length}` });
          if (outside.loseCards > 0) {
            outside.loseCards -= 1;
            return void request.socket.destroy();
          }
          return say({ messageId: posts.at(-1)?.messageId });
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
    posts,
    loseAnswers: 0,
    loseCards: 0,
    changesNow: () => false,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return outside;
}
