import { setTimeout as delay } from "node:timers/promises";
import type { ConsoleActivity } from "../src/web/console/store.ts";
import type { Json } from "../src/runbooks/runbook.ts";

type Button = { readonly title: string; readonly verb: string; readonly data: { readonly [key: string]: Json }; readonly card: string };

/** A person's browser without the browser: it speaks to the console as its page does, over real HTTP. */
export class ConsoleClient {
  readonly #origin: string;
  readonly #cookie: string;
  #n = 0;

  private constructor(origin: string, cookie: string) {
    this.#origin = origin;
    this.#cookie = cookie;
  }

  /** Opens the one-time link; with a cookie of an earlier client, goes on with that session instead. */
  static async open(link: string, cookie?: string): Promise<ConsoleClient> {
    const origin = new URL(link).origin;
    if (cookie !== undefined) return new ConsoleClient(origin, cookie);
    const answer = await fetch(link, { redirect: "manual" });
    const set = answer.headers.get("set-cookie")?.split(";")[0];
    if (set === undefined) throw new Error(`the link was not taken: ${answer.status}`);
    return new ConsoleClient(origin, set);
  }

  async get(path: string): Promise<Response> {
    return fetch(`${this.#origin}${path}`, { headers: { cookie: this.#cookie } });
  }

  async activities(): Promise<readonly ConsoleActivity[]> {
    const body = (await (await this.get("/console/activities")).json()) as { activities: ConsoleActivity[] };
    return body.activities;
  }

  /** Writes a message; gives what the bot has said since. */
  async say(person: string, text: string): Promise<string> {
    const before = (await this.activities()).length;
    await this.#post(person, { type: "message", text });
    const said = (await this.activities()).slice(before).filter((a) => a.fromBot);
    return said.map((a) => a.text).join("\n");
  }

  /** Sends a file, as the page does; gives what the bot has said since. */
  async attach(person: string, text: string, name: string, bytes: Uint8Array): Promise<string> {
    const before = (await this.activities()).length;
    await this.#post(person, { type: "message", text, attachments: [{ contentType: "application/octet-stream", contentUrl: `data:application/octet-stream;base64,${Buffer.from(bytes).toString("base64")}`, name }] });
    return (await this.activities()).slice(before).filter((a) => a.fromBot).map((a) => a.text).join("\n");
  }

  /** Presses a button that stands on a card now, with what the card's inputs hold; gives what the presser is told. */
  async press(person: string, title: string, inputs: { readonly [key: string]: Json } = {}): Promise<string> {
    const button = (await this.buttons()).findLast((b) => b.title === title);
    if (button === undefined) throw new Error(`there is no button "${title}"`);
    return this.click(person, button.verb, { ...button.data, ...inputs }, button.card);
  }

  /** `on`: the message that the button stood on. */
  async click(person: string, verb: string, data: { readonly [key: string]: Json }, on?: string): Promise<string> {
    const reply = await this.#post(person, {
      type: "invoke",
      name: "adaptiveCard/action",
      ...(on === undefined ? {} : { replyToId: on }),
      value: { action: { type: "Action.Execute", verb, data }, trigger: "manual" },
    });
    const body = (await reply.json()) as { value?: unknown };
    return typeof body.value === "string" ? body.value : JSON.stringify(body.value ?? body);
  }

  /** The whole reply to a press, as the protocol has it. */
  async reply(person: string, verb: string, data: { readonly [key: string]: Json }, on?: string): Promise<object> {
    const value = { action: { type: "Action.Execute", verb, data }, trigger: "manual" };
    return (await (await this.#post(person, { type: "invoke", name: "adaptiveCard/action", value, ...(on === undefined ? {} : { replyToId: on }) })).json()) as object;
  }

  async buttons(): Promise<readonly Button[]> {
    return (await this.activities()).flatMap((a) => {
      const actions = (a.card?.["actions"] ?? []) as readonly { [key: string]: Json }[];
      return actions
        .filter((b) => b["type"] === "Action.Execute")
        .map((b) => ({ title: String(b["title"]), verb: String(b["verb"]), data: (b["data"] ?? {}) as Button["data"], card: a.id }));
    });
  }

  /** Waits until a button stands on some card. Throws with what is shown instead. */
  async until(title: string, ms = 100_000): Promise<void> {
    const end = Date.now() + ms;
    for (;;) {
      if ((await this.buttons()).some((b) => b.title === title)) return;
      if (Date.now() > end) throw new Error(`no button "${title}" after ${ms} ms; shown: ${(await this.activities()).map((a) => a.text).slice(-3).join("\n---\n")}`);
      await delay(50);
    }
  }

  get cookie(): string {
    return this.#cookie;
  }

  async #post(person: string, activity: object): Promise<Response> {
    this.#n += 1;
    return fetch(`${this.#origin}/api/messages`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: this.#origin, cookie: this.#cookie },
      body: JSON.stringify({
        id: `client-${process.pid}-${this.#n}-${Date.now()}`,
        channelId: "drillbook-console",
        serviceUrl: `${this.#origin}/console/connector`,
        from: { id: `rehearsal-${person}`, name: person },
        recipient: { id: "drillbook", name: "Drillbook" },
        conversation: { id: "rehearsal", isGroup: true },
        ...activity,
      }),
    });
  }
}
