import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startIssuer } from "../test/integration/bot/local-issuer.ts";
import { spawnTeams } from "../test/faults/spawned-teams.ts";
import { cost, type Bench, type Figure } from "./figure.ts";

const appId = "11111111-2222-4333-8444-555555555555";
const tenantId = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
const people = 100;
/** Two drills of fifty approvers: as many as one approval may ask for. */
const drills = 2;

const idOf = (n: number): string => `0c0ffee0-1111-4222-8333-${String(n).padStart(12, "0")}`;

type Button = { readonly messageId: string; readonly data: { readonly drill: string; readonly step: string } };

/**
 * A press that decides, from the request to its answer with the decision durable, beside a bare botbuilder bot that verifies the
 * same tokens and makes one durable commit. The bots run in processes of their own and take turns.
 */
export const teamsClick: Bench = {
  name: "teams-click",
  async run(effort) {
    const steps = effort === "quick" ? 4 : 24;
    const data = mkdtempSync(join(tmpdir(), "drillbook-bench-"));
    const connector = await startConnector();
    const issuer = await startIssuer(connector.origin);
    const serviceUrl = `${connector.origin}/emea/`;
    const now = Math.floor(Date.now() / 1000);
    const authorization = `Bearer ${issuer.sign({ iss: "https://api.botframework.com", aud: appId, serviceurl: serviceUrl, nbf: now - 60, exp: now + 3600 })}`;
    writeFileSync(join(data, "people.yaml"), peopleFile());
    writeFileSync(join(data, "clicks.md"), runbook(steps));
    const env = { PORT: "0", DRILLBOOK_DATA: join(data, "store"), DRILLBOOK_RUNBOOKS: data, DRILLBOOK_PEOPLE: join(data, "people.yaml"), DRILLBOOK_BOT_APP_ID: appId, DRILLBOOK_BOT_TENANT_ID: tenantId, DRILLBOOK_BOT_APP_TYPE: "UserAssignedMSI" };
    const agent = new Agent({ keepAlive: true, maxSockets: 200, timeout: 2_000 });
    const ours = await spawnTeams(new URL("../test/faults/teams-process.ts", import.meta.url), { cloud: issuer.cloud, env });
    const bare = await spawnTeams(new URL("./bare-bot.ts", import.meta.url), { cloud: issuer.cloud, env: { DRILLBOOK_DATA: data } });
    let arrivals = 0;

    const post = (port: number, chat: number, person: number, more: object): Promise<{ readonly ms: number; readonly body: string }> => {
      const body = JSON.stringify({
        id: `bench-${(arrivals += 1)}`, timestamp: new Date().toISOString(), channelId: "msteams", serviceUrl,
        from: { id: `29:${person}`, name: `Person ${person}`, aadObjectId: idOf(person) }, recipient: { id: `28:${appId}`, name: "Drillbook" },
        conversation: { id: `19:chat-${chat}`, isGroup: true, conversationType: "groupChat", tenantId }, ...more,
      });
      return new Promise((resolve, reject) => {
        const began = performance.now();
        const sent = request({ host: "127.0.0.1", port, method: "POST", path: "/api/messages", agent, headers: { "content-type": "application/json", authorization, "content-length": Buffer.byteLength(body) } }, (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (part: string) => (text += part)).on("end", () => resolve({ ms: performance.now() - began, body: text }));
        });
        sent.on("error", reject).end(body);
      });
    };
    const press = async (port: number, person: number, { messageId, data }: Button): Promise<number> => {
      const value = { action: { type: "Action.Execute", verb: "approve", data }, trigger: "manual" };
      const { ms, body } = await post(port, person % drills, person, { type: "invoke", name: "adaptiveCard/action", replyToId: messageId, value });
      if (!body.includes("you approved")) throw new Error(`a press was not recorded: ${body.slice(0, 300)}`);
      return ms;
    };

    try {
      for (let chat = 0; chat < drills; chat += 1) await post(ours.port, chat, people, { type: "message", text: "start clicks now" });
      const alone: Record<"ours" | "floor", number[]> = { ours: [], floor: [] };
      const together: Record<"ours" | "floor", number[]> = { ours: [], floor: [] };
      const took: Record<"ours" | "floor", number[]> = { ours: [], floor: [] };
      const worked: Record<"ours" | "floor", number[]> = { ours: [], floor: [] };
      for (let step = 1; step <= steps; step += 1) {
        const buttons = await connector.approvals(drills, `approval-${step}`);
        const everybody = Array.from({ length: people }, (_, n) => n);
        // The first approval warms both up; then one step one by one, the next all at once.
        if (step === 1 || step % 2 === 0) {
          for (const n of everybody) {
            const ms = await press(ours.port, n, buttons[n % drills]!);
            const floor = await press(bare.port, n, buttons[n % drills]!);
            if (step === 1) continue;
            alone.ours.push(ms);
            alone.floor.push(floor);
          }
        } else {
          const turns = [["floor", bare], ["ours", ours]] as const;
          for (const [name, bot] of step % 4 === 1 ? turns : turns.toReversed()) {
            const cpu = processorMs(bot.pid);
            const began = performance.now();
            together[name].push(...(await Promise.all(everybody.map((n) => press(bot.port, n, buttons[n % drills]!)))));
            took[name].push(performance.now() - began);
            worked[name].push(processorMs(bot.pid) - cpu);
          }
        }
      }
      const sum = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0);
      const each = (times: readonly number[]): number => sum(times) / (times.length * people);
      return [
        cost("a decision, one by one, p50", "ms", quantile(alone.ours, 0.5), quantile(alone.floor, 0.5), 2),
        cost("a decision, one by one, p99", "ms", quantile(alone.ours, 0.99), quantile(alone.floor, 0.99), 4),
        against2s("a decision, 100 people at once, p99", quantile(together.ours, 0.99)),
        cost("a decision, 100 people at once, time each", "ms", each(took.ours), each(took.floor), 2),
        ...(sum(worked.floor) === 0 ? [] : [cost("a decision, 100 people at once, processor time each", "ms", each(worked.ours), each(worked.floor), 2)]),
      ];
    } finally {
      agent.destroy();
      await Promise.all([ours.stop(), bare.stop()]);
      await issuer.close();
      await connector.close();
      rmSync(data, { recursive: true, force: true });
    }
  },
};

/** The processor time of a process until now, in ticks of 10 ms; 0 where the system does not tell it. */
function processorMs(pid: number): number {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return 0;
  const [, user, system] = /\) (?:\S+ ){11}(\d+) (\d+)/.exec(readFileSync(file, "utf8")) ?? [];
  return (Number(user) + Number(system)) * 10;
}

/** Two seconds are what a person still takes for an answer. */
function against2s(name: string, ms: number): Figure {
  return cost(name, "ms", ms, 2_000, 1);
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}

function peopleFile(): string {
  const all = Array.from({ length: people + 1 }, (_, n) => `  - { id: ${idOf(n)}, name: Person ${n} }`);
  const ids = Array.from({ length: people }, (_, n) => idOf(n)).join(", ");
  return `people:\n${all.join("\n")}\ngroups:\n  dr-operators: [${idOf(people)}]\n  service-owners: [${ids}]\n  auditors: [${idOf(0)}]\n`;
}

function runbook(steps: number): string {
  const each = Array.from({ length: steps }, (_, n) => `### Approval ${n + 1}\n\n\`\`\`approval\nrole: approver\nquorum: 50\nexpires: 30m\n\`\`\`\n`);
  return `---\nid: clicks\nmode: test\nroles: { operator: dr-operators, approver: service-owners }\n---\n# Clicks\n\n## All\n\n${each.join("\n")}`;
}

/** A connector that takes everything and knows which card asks for which approval. */
async function startConnector() {
  const cards = new Map<string, Button>();
  let posts = 0;
  const server = createServer((incoming, response) => {
    let text = "";
    incoming.setEncoding("utf8").on("data", (part: string) => (text += part)).on("end", () => {
      // Everybody is in the chat: otherwise the chat is told of each who is not, and those messages hold up the cards.
      if (incoming.method === "GET") return response.setHeader("content-type", "application/json").end(JSON.stringify({ members: Array.from({ length: people + 1 }, (_, n) => ({ id: `29:${n}`, name: `Person ${n}`, aadObjectId: idOf(n), objectId: idOf(n) })) }));
      const put = incoming.method === "PUT";
      const id = put ? decodeURIComponent(incoming.url?.split("/").at(-1) ?? "") : `m${(posts += 1)}`;
      const body = JSON.parse(text === "" ? "{}" : text) as { attachments?: readonly { content?: { actions?: readonly { verb?: string; data?: Button["data"] }[] } }[] };
      const data = body.attachments?.[0]?.content?.actions?.find((action) => action.verb === "approve")?.data;
      // Each approver's own chat gets the card too; the presses come from the chat of the drill.
      const inChat = decodeURIComponent(incoming.url ?? "").includes("/conversations/19:chat-");
      if (data !== undefined && inChat) cards.set(`${data.drill} ${data.step}`, { messageId: id, data });
      response.setHeader("content-type", "application/json").end(JSON.stringify({ id }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Waits until every drill has posted the card of this step; in the order of the drills. */
    async approvals(count: number, step: string): Promise<readonly Button[]> {
      for (let tries = 0; tries < 1_200; tries += 1) {
        const found = [...cards].filter(([, b]) => b.data.step.endsWith(step)).toSorted(([a], [b]) => a.localeCompare(b)).map(([, b]) => b);
        if (found.length === count) return found;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`the cards of ${step} never came`);
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
