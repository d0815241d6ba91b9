import { createHash, type Hash } from "node:crypto";
import { sha256 } from "../hash.ts";
import { canonicalText, readCanonical } from "./canonical-json.ts";
import { fault, type Fault } from "./fault.ts";

type Members = Readonly<Record<string, unknown>>;

/** What the events say, as far as the other files must agree with it. */
export type History = {
  readonly drill: string;
  readonly mode: string;
  readonly purpose: string;
  readonly runbook: { readonly id: string; readonly hash: string; readonly title: string };
  readonly events: number;
  readonly head: string;
  /** The head after each event. */
  readonly heads: readonly string[];
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly result: string | null;
  /** Every SHA-256 that an event names, wherever it stands. */
  readonly named: ReadonlySet<string>;
  /** Every person, text and file that an event names by reference, with its commitment. */
  readonly references: ReadonlyMap<string, string>;
  /** What events say was erased: references and hashes. */
  readonly erased: ReadonlySet<string>;
  /** SHA-256 (hex) of what requests.jsonl has to hold: every request that an event tells of, a line each. */
  readonly requestsHash: string;
  /** The SHA-256 of every runbook that was included, as far as its bytes were kept: from version 3 on. */
  readonly included: readonly string[];
  /** The first event that carries an earlier time than the one before it; null: none does. */
  readonly clockWentBackAt: number | null;
};

const drillId = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const isoInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;

/** Takes a drill's events one after the other, as canonical bytes, and follows the chain from genesis. */
export type HistoryFollower = {
  /** What is wrong with the next event; null: it follows. After a fault nothing is proved any more. */
  next(bytes: Uint8Array): Fault | null;
  /** The head after the last event; empty before the first. */
  head(): string;
  /** null: no event was followed. */
  history(): History | null;
};

/** Begins at genesis. Memory grows with heads and references, not with the bytes of events. */
export function historyFollower(): HistoryFollower {
  const found: Found = { launch: null, end: null, lastAt: 0, clockWentBackAt: null, named: new Set(), references: new Map(), erased: new Set(), requests: createHash("sha256") };
  const heads: string[] = [];
  return {
    next(bytes) {
      const seq = heads.length + 1;
      const where = `events.jsonl, event ${seq}`;
      const reading = readCanonical(bytes);
      if ("why" in reading) return fault(where, reading.why);
      const event = asMembers(reading.value);
      const why = event === null ? "is not an object" : notFollowing(event, seq, found);
      if (event === null || why !== null) return fault(where, why ?? "");
      const head = heads.at(-1) ?? sha256("drillbook/chain/1/genesis\n", Buffer.from(String(event.drill), "utf8"));
      heads.push(sha256("drillbook/chain/1/event\n", Buffer.from(head + sha256(bytes), "hex")));
      const twofold = event.v === 1 ? null : collectReferences(event, found);
      if (twofold !== null) return fault(where, `gives ${twofold} another commitment than an event before it`);
      collect(event, found);
      collectRequests(event, found);
      collectHashes(event, found.named);
      return null;
    },
    head: () => heads.at(-1) ?? "",
    history: () => toHistory(found, heads),
  };
}

type Found = {
  launch: Members | null;
  end: Members | null;
  lastAt: number;
  clockWentBackAt: number | null;
  readonly named: Set<string>;
  readonly references: Map<string, string>;
  readonly erased: Set<string>;
  readonly requests: Hash;
};

function notFollowing(event: Members, seq: number, { launch }: Found): string | null {
  if (event.v !== 1 && event.v !== 2 && event.v !== 3) return `has version ${String(event.v)}: this program knows versions 1, 2 and 3`;
  if (event.seq !== seq) return `carries number ${String(event.seq)}`;
  if (typeof event.drill !== "string" || !drillId.test(event.drill) || (launch !== null && event.drill !== launch.drill)) return `belongs to drill ${String(event.drill)}`;
  if (typeof event.at !== "string" || !isoInstant.test(event.at)) return "has no time in UTC";
  if (event.by !== null && (event.v === 1 ? typeof asMembers(event.by)?.id !== "string" : referenceOf(event.by) === null)) return "names nobody in its field by";
  if (typeof event.type !== "string") return "has no type";
  if ((event.type === "drill.launched") !== (seq === 1)) return `is ${event.type}: a drill starts with drill.launched, once`;
  return event.type === "drill.launched" ? notLaunched(event) : null;
}

function notLaunched(event: Members): string | null {
  const runbook = asMembers(event.runbook);
  if (runbook === null) return "has no runbook";
  const texts = [event.mode, event.purpose, runbook.id, runbook.hash, runbook.title];
  return texts.every((text) => typeof text === "string") ? null : "lacks mode, purpose, or the runbook's id, hash or title";
}

function collect(event: Members, found: Found): void {
  if (event.type === "drill.launched") found.launch = event;
  if (event.type === "drill.ended") found.end = event;
  if (event.type === "record.erased") for (const list of [event.records, event.blobs]) if (Array.isArray(list)) for (const one of list as unknown[]) found.erased.add(String(one));
  const at = Date.parse(String(event.at));
  if (at < found.lastAt) found.clockWentBackAt ??= Number(event.seq);
  found.lastAt = at;
}

function collectRequests({ seq, step, operation, requests }: Members, found: Found): void {
  if (!Array.isArray(requests)) return;
  const named = (value: unknown): string | null => (typeof value === "string" ? value : null);
  const lines = (requests as unknown[]).map((request) => `${canonicalText({ event: seq, operation: named(operation), request, step: named(step) })}\n`);
  if (lines.length > 0) found.requests.update(lines.join(""), "utf8");
}

const placesOfOne = ["by", "owner", "to", "from", "person", "reason", "text", "statement", "message", "name", "conversation"];
const placesOfMany = ["approvers", "people"];
/** From version 3 on. */
const laterPlaces = ["audience", "criterion", "sha256", "card"];

/** The reference that has two commitments; null: none has. */
function collectReferences(event: Members, { references }: Found): string | null {
  for (const value of placesIn(event)) {
    const reference = referenceOf(value);
    if (reference === null) continue;
    if ((references.get(reference.ref) ?? reference.sha256) !== reference.sha256) return reference.ref;
    references.set(reference.ref, reference.sha256);
  }
  return null;
}

function placesIn(event: Members): readonly unknown[] {
  const later = event.v === 3;
  const one = [...placesOfOne, ...(later ? laterPlaces : [])].map((place) => event[place]);
  const lists = [...placesOfMany.map((place) => event[place]), ...Object.values(asMembers(event.roles) ?? {})];
  const { personal, values } = event;
  const answers = later && Array.isArray(personal) ? (personal as unknown[]).map((name) => (typeof name === "string" ? asMembers(values)?.[name] : undefined)) : [];
  return [...one, ...lists.flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : [])), ...answers];
}

function referenceOf(value: unknown): { readonly ref: string; readonly sha256: string } | null {
  const members = asMembers(value);
  if (members === null || Object.keys(members).length !== 2) return null;
  const { ref, sha256: hash } = members;
  const fits = typeof ref === "string" && /^[pth]-[A-Za-z0-9_-]{22}$/.test(ref) && typeof hash === "string" && /^[0-9a-f]{64}$/.test(hash);
  return fits ? { ref, sha256: hash } : null;
}

function collectHashes(value: unknown, named: Set<string>): void {
  if (typeof value === "string" && value.length === 64 && /^[0-9a-f]{64}$/.test(value)) named.add(value);
  if (typeof value === "object" && value !== null) for (const member of Object.values(value)) collectHashes(member, named);
}

function includedIn({ v, runbook }: Members): readonly string[] {
  const includes = asMembers(runbook)?.includes;
  if (v !== 3 || !Array.isArray(includes)) return [];
  return (includes as unknown[]).flatMap((one) => (typeof asMembers(one)?.hash === "string" ? [String(asMembers(one)?.hash)] : []));
}

function toHistory({ launch, end, named, references, erased, clockWentBackAt, requests }: Found, heads: readonly string[]): History | null {
  const runbook = asMembers(launch?.runbook);
  if (launch === null || runbook === null) return null;
  return {
    drill: String(launch.drill),
    mode: String(launch.mode),
    purpose: String(launch.purpose),
    runbook: { id: String(runbook.id), hash: String(runbook.hash), title: String(runbook.title) },
    events: heads.length,
    head: heads.at(-1) ?? "",
    heads,
    startedAt: String(launch.at),
    endedAt: end === null ? null : String(end.at),
    result: end === null ? null : String(end.result),
    named,
    references,
    erased,
    // A copy: whoever asks in between still follows on.
    requestsHash: requests.copy().digest("hex"),
    included: includedIn(launch),
    clockWentBackAt,
  };
}

function asMembers(value: unknown): Members | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : null;
}
