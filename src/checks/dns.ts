import { z } from "zod";
import type { Check } from "../drills/ports.ts";
import type { CheckFacts } from "../runbooks/catalogue.ts";
import { parseDuration } from "../runbooks/duration.ts";
import { durationText, sayDuration } from "../runbooks/duration-text.ts";
import { readInput } from "../runbooks/read-input.ts";
import { isWholeAnswer, question, readAnswer, recordTypes } from "./dns-message.ts";
import type { DnsAnswer, RecordType } from "./dns-message.ts";
import { observeRows } from "./asked-rows.ts";
import type { RowParts } from "./asked-rows.ts";
import { endpoint, oneOrMore, parseEndpoint, vantage } from "./endpoint.ts";
import type { Probed } from "./http/exchange.ts";
import { sayOutcome } from "./http/say-outcome.ts";
import { runCommandPermissions } from "./permissions.ts";
import type { CheckRow } from "./rows.ts";

const name = z.string().regex(/^(?=.{1,253}$)(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?$/i, { error: "Write a DNS name, such as payroll.contoso.example." });

const input = z.strictObject({
  from: vantage,
  names: z.preprocess(oneOrMore, z.array(name).min(1).max(8)),
  type: z.enum(Object.keys(recordTypes) as [RecordType, ...RecordType[]]).default("A"),
  /** Addresses of resolvers: each is asked by itself, because that they differ is what a failover shows. */
  resolvers: z.preprocess(oneOrMore, z.array(endpoint(53)).min(1, { error: "Name at least one resolver." }).max(8)),
  expect: z
    .strictObject({
      /** Exactly these answers, in any order. */
      answers: z.preprocess(oneOrMore, z.array(z.string().min(1).max(300)).max(32)).optional(),
      lacks: z.preprocess(oneOrMore, z.array(z.string().min(1).max(300)).max(32)).optional(),
      /** The greatest time to live, so that people arrive at the new place in time. */
      ttl: durationText({ min: 0, max: 7 * 86_400_000 }).optional(),
      code: z.enum(["NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED"]).default("NOERROR"),
    })
    .default({ code: "NOERROR" }),
  timeout: durationText({ min: 1000, max: 30_000 }).default("3s"),
  script: z.enum(["powershell", "posix"]).default("powershell"),
});

type Input = z.infer<typeof input>;

/** What the compiler knows of `check dns`. */
export const dnsCheckFacts: CheckFacts = { type: "dns", summary: "Asks named resolvers: answers and time to live", schema: input, permissions: runCommandPermissions };

/** The check `dns`: what each named resolver answers for each name, over TCP, from the bot or a test server. */
export function dnsCheck(parts: RowParts): Check {
  return {
    facts: dnsCheckFacts,
    async observe(given, look) {
      const wanted = readInput("dns", input, given);
      const timeoutMs = parseDuration(wanted.timeout) ?? 3000;
      const pairs = wanted.resolvers.flatMap((text) => {
        const target = parseEndpoint(text, 53);
        return target ? wanted.names.map((name) => ({ target, name })) : [];
      });
      const asks = pairs.map(({ target, name }, index) => {
        const id = index + 1;
        return { target, name, id, request: { id: `${id}`, address: target.address, port: target.port, tls: null, timeoutMs, maxBytes: 4096, bytes: question(name, wanted.type, id) } };
      });
      return observeRows(
        {
          ...wanted,
          asks,
          until: isWholeAnswer,
          alsoPort: 53,
          label: (ask) => ask.name,
          read: (ask, answer) => read(answer, ask.id, wanted),
          diagnose: (rows) => diagnose(rows, wanted),
          good: "answers as expected",
        },
        parts,
        look,
      );
    },
  };
}

function read(answer: Probed, id: number, wanted: Input): Omit<CheckRow, "target" | "label"> {
  const said = readAnswer(answer.received, id);
  if (!said) return { verdict: "down", status: "", reason: answer.received.length > 0 ? "the answer is not DNS" : sayOutcome(answer) };
  const fault = faultOf(said, wanted);
  const values = valuesOf(said, wanted.type);
  const words = said.code === "NOERROR" ? values.join(", ") || "no record" : said.code;
  return { verdict: fault === null ? "up" : "down", status: words.slice(0, 120), reason: fault ?? words, facts: { code: said.code, records: said.records.map((record) => ({ ...record })), ms: answer.totalMs } };
}

function valuesOf(read: DnsAnswer, type: RecordType): readonly string[] {
  return read.records.filter((record) => record.type === type).map((record) => record.value).sort();
}

function faultOf(read: DnsAnswer, { expect, type }: Input): string | null {
  const same = (text: string) => text.toLowerCase().replace(/\.$/, "");
  const values = valuesOf(read, type).map(same);
  if (read.code !== expect.code) return `it answers ${read.code}, and ${expect.code} is expected`;
  const wanted = expect.answers?.map(same).sort();
  if (wanted && wanted.join() !== values.join()) return `it answers ${values.join(", ") || "no record"}, and ${wanted.join(", ")} ${wanted.length === 1 ? "is" : "are"} expected`;
  const stale = expect.lacks?.map(same).find((value) => values.includes(value));
  if (stale !== undefined) return `it still answers ${stale}`;
  if (expect.code === "NOERROR" && values.length === 0) return `it has no ${type} record`;
  const most = expect.ttl === undefined ? null : parseDuration(expect.ttl);
  const longest = Math.max(0, ...read.records.map((record) => record.ttl));
  return most !== null && longest * 1000 > most ? `the time to live is ${sayDuration(longest * 1000)}, and ${sayDuration(most)} is the most` : null;
}

function diagnose(rows: readonly CheckRow[], { from }: Input): readonly string[] {
  return rows.flatMap((row) => {
    if (row.verdict !== "down") return [];
    const other = rows.find((one) => one.label === row.label && one.verdict === "up");
    const but = other ? ` ${other.target} already answers ${other.status}: the resolvers differ, and people of this one go to the old place until its copy expires.` : "";
    if (row.status === "" && row.facts === undefined) return [`${row.target} cannot be asked over TCP from ${from}: ${row.reason}. Look at whether it serves TCP on that port, and at the firewall between.`];
    return [`${row.target}, asked for ${row.label}: ${row.reason}.${but}`];
  });
}
