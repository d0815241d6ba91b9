import { Agent, request } from "node:http";
import { z } from "zod";
import type { Action, Check, Clock, Send } from "../../../src/drills/ports.ts";
import { DrillbookError } from "../../../src/errors.ts";
import { running, succeeded } from "../../fakes/outside-world.ts";

/** The outside, asked over HTTP by a process that may end at any moment. */
export type Ask = <T>(what: string, of: Readonly<Record<string, string>>) => Promise<T>;

/** Hands one write over to the outside, or throws `not-now` when its time is over. */
export type SendWrite = (to: string, send: Send) => Promise<string>;

const agent = new Agent({ keepAlive: true });

export function asking(outside: string): Ask {
  return async <T>(what: string, of: Readonly<Record<string, string>>) => JSON.parse(await post(urlOf(outside, what, of))) as T;
}

function urlOf(outside: string, what: string, of: Readonly<Record<string, string>>): string {
  return `${outside}/${what}?${new URLSearchParams(of).toString()}`;
}

function post(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", agent }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => (body += chunk.toString())).on("end", () => resolve(body)).on("error", reject);
    });
    sent.on("error", reject).end();
  });
}

/** Looks at the clock as the last thing before the socket, as the real one does. */
export function sendBefore(clock: Clock): SendWrite {
  return async (to, { sendBy, leftMs = () => Infinity }) => {
    if (clock() >= sendBy || leftMs() <= 0) throw new DrillbookError("not-now", "too late to send", "");
    return post(to);
  };
}

/** The real writers' own last policy before the socket. It is loaded only where it matters, because it takes long to load. */
export async function sendAsAzure(clock: Clock): Promise<SendWrite> {
  const [{ createDefaultHttpClient, createPipelineRequest }, { sendOnce }, { writing }] = await Promise.all([
    import("@azure/core-rest-pipeline"),
    import("../../../src/azure/request-limits.ts"),
    import("../../../src/azure/call.ts"),
  ]);
  const [client, policy] = [createDefaultHttpClient(), sendOnce(clock)];
  return async (to, send) => {
    const outgoing = createPipelineRequest({ url: to, method: "POST", allowInsecureConnection: true });
    const { bodyAsText } = await writing({ send, sent: false, answer: null }, () => policy.sendRequest(outgoing, (one) => client.sendRequest(one)));
    return bodyAsText ?? "";
  };
}

/** What the drills change: once started, found again by its tag, and taken back at the end. */
export function actions(outside: string, send: SendWrite): ReadonlyMap<string, Action> {
  const ask = asking(outside);
  const write = (type: string, undo: string | null): Action => ({
    facts: { type, summary: "", schema: z.unknown(), undo, settlingMs: 300, permissions: [] },
    async preview(input) {
      const { plan } = await ask<{ plan: string }>("preview", { key: keyOf(type, input) });
      return { action: type, targets: [{ id: "/vm/1", name: "web-01" }], planDigest: plan, recoveryPointRule: "latest", undo: undo ?? "nothing", facts: [] };
    },
    start: async (input, by) => JSON.parse(await send(urlOf(outside, "start", { key: keyOf(type, input), tag: by.tag }), by)) as { handle: string },
    async find(_input, tag) {
      const { handle } = await ask<{ handle: string | null }>("find", { tag });
      return handle === null ? null : { handle };
    },
    async follow(handle) {
      const { state } = await ask<{ state: "running" | "succeeded" }>("follow", { handle });
      return state === "running" ? { ...running, nextLookMs: 10 } : succeeded;
    },
    undoInput: (input) => ({ undo: input }),
  });
  return new Map([write("fake-action", "fake-undo"), write("fake-undo", null)].map((a) => [a.facts.type, a]));
}

/** What makes two writes the same one to the outside. */
function keyOf(type: string, input: unknown): string {
  return JSON.stringify([type, input]);
}

export function healthy(): Check {
  return { facts: { type: "fake-check", summary: "", schema: z.unknown(), permissions: [] }, observe: async () => ({ verdict: "passed", summary: "all is well", diagnosis: [], result: {} }) };
}
