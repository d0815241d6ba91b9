import { z } from "zod";
import type { Check } from "../drills/ports.ts";
import type { CheckFacts } from "../runbooks/catalogue.ts";
import { parseDuration } from "../runbooks/duration.ts";
import { durationText } from "../runbooks/duration-text.ts";
import { readInput } from "../runbooks/read-input.ts";
import { observeRows } from "./asked-rows.ts";
import type { RowParts } from "./asked-rows.ts";
import { endpoint, oneOrMore, parseEndpoint, vantage } from "./endpoint.ts";
import type { Probed } from "./http/exchange.ts";
import { readable, redact } from "./http/show.ts";
import { sayOutcome } from "./http/say-outcome.ts";
import type { CheckRow } from "./rows.ts";
import { runCommandPermissions } from "./permissions.ts";

const input = z.strictObject({
  from: vantage,
  targets: z.preprocess(oneOrMore, z.array(endpoint(null)).min(1).max(32)),
  /** `no-connection`: nothing may come back at all, as from an isolated network; a refusal is an answer. */
  expect: z.enum(["open", "refused", "no-connection"]).default("open"),
  /** Text that the server says by itself, such as an SSH or SMTP banner. */
  banner: z.string().min(1).max(200).optional(),
  timeout: durationText({ min: 1000, max: 30_000 }).default("3s"),
  script: z.enum(["powershell", "posix"]).default("powershell"),
}).superRefine((one, context) => {
  if (one.banner !== undefined && one.expect !== "open") context.addIssue({ code: "custom", path: ["banner"], message: "Only an open port says something." });
});

type Input = z.infer<typeof input>;

/** What the compiler knows of `check tcp`. */
export const tcpCheckFacts: CheckFacts = { type: "tcp", summary: "Opens a TCP connection: open, refused, or out of reach", schema: input, permissions: runCommandPermissions };

/** The check `tcp`: whether ports can be connected to, and whether those that must not be cannot. Sends nothing. */
export function tcpCheck(parts: RowParts): Check {
  return {
    facts: tcpCheckFacts,
    async observe(given, look) {
      const wanted = readInput("tcp", input, given);
      const timeoutMs = parseDuration(wanted.timeout) ?? 3000;
      const asks = wanted.targets.flatMap((text, index) => {
        const target = parseEndpoint(text, null);
        return target ? [{ target, request: { id: `${index + 1}`, address: target.address, port: target.port, tls: null, timeoutMs, maxBytes: 200, bytes: new Uint8Array() } }] : [];
      });
      return observeRows(
        {
          ...wanted,
          asks,
          until: (received) => wanted.banner === undefined || received.includes(wanted.banner),
          label: () => "tcp",
          read: (_ask, answer) => read(answer, wanted),
          diagnose: (rows) => rows.flatMap((row) => explain(row, wanted)),
          good: said[wanted.expect],
        },
        parts,
        look,
      );
    },
  };
}

const said = { open: "open", refused: "refused", "no-connection": "out of reach" } as const;

/** open: a connection came about, whatever followed. */
function stateOf(answer: Probed): Input["expect"] {
  if (answer.connectMs >= 0) return "open";
  return answer.outcome === "refused" ? "refused" : "no-connection";
}

function read(answer: Probed, wanted: Input): Omit<CheckRow, "target" | "label"> {
  const state = stateOf(answer);
  const text = readable(redact(Buffer.from(answer.received).toString("latin1")), 200);
  const silent = wanted.banner !== undefined && state === "open" && !Buffer.from(answer.received).toString("latin1").includes(wanted.banner);
  const reason = silent ? `open, but it says ${text === "" ? "nothing" : `"${text.trim()}"`} and not "${wanted.banner}"` : state === "open" ? `open after ${answer.connectMs} ms` : sayOutcome(answer);
  return { verdict: state === wanted.expect && !silent ? "up" : "down", status: said[state], reason, facts: { connectMs: answer.connectMs, said: text } };
}

function explain(row: CheckRow, { expect, from }: Input): readonly string[] {
  if (row.verdict !== "down") return [];
  if (expect === "no-connection") return [`${row.target} can be reached from ${from} (${row.reason}), and must not be: the test network is not isolated from it. Look at peerings, routes and security groups.`];
  if (expect === "refused") return [`${row.target} is ${row.status} from ${from}, and ought to refuse.`];
  if (row.status === said.refused) return [`Nothing listens there: ${row.target} refuses the connection. Start the service, or look at its port.`];
  if (row.status === said.open) return [`${row.target} is ${row.reason}: another service than expected listens there, or it is not ready.`];
  return [`No connection to ${row.target} from ${from}: ${from === "bot" ? "an isolated test network is meant to be out of the bot's reach; ask from a test server inside it" : "look at whether the server has started, at its firewall and at a route"}.`];
}
