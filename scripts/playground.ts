import { createServer } from "node:http";
import { ConsoleClient } from "../test/console-client.ts";
import type { ConsoleActivity } from "../src/web/console/store.ts";

/*
 * node scripts/playground.ts <the console's link> [person]
 *
 * Lets Microsoft's Agents Playground look at the bot that runs with the local console. The Playground signs nothing, so it never
 * reaches the bot itself: what a person does in it is done here as one of the rehearsal people (olivia, amir, bea, ravi or dana), in the console's own session,
 * and what the bot says is carried back. Listens on 127.0.0.1 alone.
 */

const [, , link, person = "olivia"] = process.argv;
if (link === undefined) throw new Error("Give the link that Drillbook printed.");
const client = await ConsoleClient.open(link);
const port = 3979;

type FromPlayground = { readonly type: string; readonly serviceUrl: string; readonly text?: string; readonly value?: { readonly action?: { readonly verb: string; readonly data: Record<string, string> } }; readonly replyToId?: string; readonly conversation: { readonly id: string }; readonly recipient: object; readonly from: object };

let last: FromPlayground | null = null;
const shown = new Map<string, { readonly there: string; readonly change: number }>();

const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (part: string) => (body += part)).on("end", () => {
    // It begins by asking whether anybody is there.
    if (request.method !== "POST" || body === "") return void response.end();
    take(JSON.parse(body) as FromPlayground).then(
      (reply) => void response.setHeader("content-type", "application/json").end(reply === null ? "" : JSON.stringify(reply)),
      (fault: unknown) => {
        console.error(fault);
        response.writeHead(500).end();
      },
    );
  });
});
server.listen(port, "127.0.0.1", () => console.log(`Start the Playground with: agentsplayground -e http://127.0.0.1:${port}/api/messages -c msteams`));

async function take(activity: FromPlayground): Promise<object | null> {
  last = activity;
  const press = activity.value?.action;
  if (activity.type === "invoke" && press !== undefined) {
    const here = [...shown].find(([, s]) => s.there === activity.replyToId)?.[0];
    return client.reply(person, press.verb, press.data, here);
  }
  if (activity.type === "message") await client.say(person, (activity.text ?? "").replaceAll(/<at>[^<]*<\/at>/gu, "").trim());
  await carry();
  return null;
}

/** Everything the bot has said or changed since, in order. */
async function carry(): Promise<void> {
  if (last === null) return;
  for (const activity of await client.activities()) {
    const known = shown.get(activity.id);
    if (!activity.fromBot || known?.change === activity.change) continue;
    const there = await send(last, activity, known?.there ?? null);
    shown.set(activity.id, { there, change: activity.change });
  }
}

async function send(to: FromPlayground, { text, card }: ConsoleActivity, there: string | null): Promise<string> {
  const path = `${to.serviceUrl.replace(/\/$/u, "")}/v3/conversations/${encodeURIComponent(to.conversation.id)}/activities${there === null ? "" : `/${encodeURIComponent(there)}`}`;
  const content = card === null ? { text } : { summary: text, attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content: card }] };
  const answer = await fetch(path, {
    method: there === null ? "POST" : "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ type: "message", from: to.recipient, recipient: to.from, conversation: to.conversation, ...content }),
  });
  if (!answer.ok) throw new Error(`The Playground answered ${answer.status} to ${path}: ${(await answer.text()).slice(0, 300)}`);
  const body = (await answer.json().catch(() => ({}))) as { readonly id?: string };
  return there ?? body.id ?? "";
}

setInterval(() => void carry().catch((fault: unknown) => console.error(fault)), 1_000);
