import { readCanonical } from "./canonical-json.ts";
import type { ReadFile } from "./container.ts";
import { fault, type Fault } from "./fault.ts";
import type { History } from "./history.ts";

type Files = ReadonlyMap<string, ReadFile>;

const required = [
  "README.txt",
  "drill.json",
  "events.jsonl",
  "heads.txt",
  "key.pem",
  "manifest.sig",
  "manifest.txt",
  "report.html",
  "runbook.md",
];

/** The files that every bundle has, of whatever version, and that this one lacks. */
export function missingFiles(files: Files): readonly Fault[] {
  return required.filter((name) => !files.has(name)).map((name) => fault(name, "is missing"));
}

/** Everything beside the events is made again from them, and must come out the same. `stored`: the files that records name. */
export function filesAgainst(history: History, files: Files, stored: ReadonlySet<string>): readonly Fault[] {
  return [
    ...headFaults(files.get("heads.txt")?.bytes, history),
    ...summaryFault(files.get("drill.json")?.bytes, history),
    ...runbookFault(files.get("runbook.md"), history),
    ...history.included.filter((hash) => !files.has(`blobs/${hash}`)).map((hash) => fault(`blobs/${hash}`, "is missing: it is a runbook that was included")),
    ...requestsFault(files.get("requests.jsonl"), history),
    ...blobFaults(files, history, stored),
    ...textFault("manifest.txt", files, expectedManifest(files, history)),
  ];
}

/**
 * Which event was changed shows in the heads kept beside the events: from a changed event on none of them fits, whereas
 * damage to the list leaves those after it fitting.
 */
function headFaults(bytes: Uint8Array | null | undefined, history: History): readonly Fault[] {
  const found = Buffer.from(bytes ?? []).toString("latin1").split("\n");
  const expected = [...history.heads, ""];
  const at = expected.findIndex((head, index) => head !== found[index]);
  if (at < 0) return found.length === expected.length ? [] : [fault("heads.txt", "goes on after the last event")];
  const listDamaged = at + 1 < history.events && found[at + 1] === expected[at + 1];
  if (listDamaged || at >= history.events) return [fault(`heads.txt, line ${at + 1}`, "is not the head after that event")];
  return [fault(`events.jsonl, event ${at + 1}`, "does not lead to the head that heads.txt keeps for it")];
}

function expectedManifest(files: Files, history: History): string {
  const lines = [...files]
    .filter(([name]) => name !== "manifest.txt" && name !== "manifest.sig")
    .map(([name, file]) => `file ${file.sha256} ${file.size} ${name}\n`);
  return `drillbook bundle 1\ndrill ${history.drill}\nmode ${history.mode}\nevents ${history.events}\nhead ${history.head}\n${lines.join("")}`;
}

function textFault(name: string, files: Files, expected: string): readonly Fault[] {
  const found = Buffer.from(files.get(name)?.bytes ?? []).toString("latin1");
  if (found === Buffer.from(expected, "utf8").toString("latin1")) return [];
  const wanted = expected.split("\n");
  const line = found.split("\n").findIndex((text, index) => text !== wanted[index]);
  const about = line < 0 ? "" : (wanted[line]?.split(" ").slice(3).join(" ") ?? "");
  return [fault(`${name}, line ${line < 0 ? wanted.length : line + 1}`, `does not say what the bundle holds${about ? `: ${about} differs` : ""}`)];
}

function summaryFault(bytes: Uint8Array | null | undefined, history: History): readonly Fault[] {
  const reading = readCanonical((bytes ?? new Uint8Array(0)).subarray(0, -1));
  if ("why" in reading) return [fault("drill.json", reading.why)];
  const { named: _named, heads: _heads, clockWentBackAt: _clock, references: _references, erased: _erased, requestsHash: _requests, included: _included, ...facts } = history;
  const expected: Record<string, unknown> = { ...facts, format: 1 };
  const found = reading.value as Record<string, unknown>;
  const names = new Set([...Object.keys(expected), ...Object.keys(found ?? {})]);
  const differing = [...names].filter((name) => JSON.stringify(found?.[name]) !== JSON.stringify(expected[name], sortedKeys));
  if (differing.length === 0 && bytes?.at(-1) === 0x0a) return [];
  return [fault("drill.json", `does not say what the events say: ${differing.join(", ") || "its end"}`)];
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function runbookFault(file: ReadFile | undefined, history: History): readonly Fault[] {
  if (file?.sha256 === history.runbook.hash) return [];
  return [fault("runbook.md", "is not the runbook that the first event names")];
}

function requestsFault(file: ReadFile | undefined, history: History): readonly Fault[] {
  return file === undefined || file.sha256 === history.requestsHash ? [] : [fault("requests.jsonl", "does not hold the requests that the events tell of")];
}

function blobFaults(files: Files, history: History, stored: ReadonlySet<string>): readonly Fault[] {
  return [...files].flatMap(([name, file]) => {
    if (!name.startsWith("blobs/")) return [];
    const hash = name.slice("blobs/".length);
    if (file.sha256 !== hash) return [fault(name, "does not hold the bytes that its name promises")];
    return history.named.has(hash) || stored.has(hash) ? [] : [fault(name, "is named by no event")];
  });
}
