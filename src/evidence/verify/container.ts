import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { fault, type Fault } from "./fault.ts";

/** The only names a bundle may hold: whoever unpacks one can be led nowhere else. */
const allowedName = /^(README\.txt|checkpoint\.txt|drill\.json|events\.jsonl|heads\.txt|inclusion\.txt|key\.pem|leaves\.txt|manifest\.sig|manifest\.txt|records\.jsonl|report\.html|report\.json|requests\.jsonl|runbook\.md|timeline\.csv|verify_bundle\.py|anchor\.(?:tsr|json)|blobs\/[0-9a-f]{64})$/;

/** A field of a zip record: its name, its width in bytes, and what it must hold; null where the entry decides. */
type Field = readonly [name: string, width: 2 | 4, value: number | null];

const fixed: readonly Field[] = [
  ["version needed", 2, 20],
  ["flags", 2, 0x0800],
  ["method", 2, 0],
  ["time", 2, 0],
  ["date", 2, 0x0021],
];
const sizes: readonly Field[] = [
  ["crc-32", 4, null],
  ["compressed size", 4, null],
  ["size", 4, null],
  ["name length", 2, null],
  ["extra length", 2, 0],
];
const localHeader: readonly Field[] = [["signature", 4, 0x04034b50], ...fixed, ...sizes];
const directoryRecord: readonly Field[] = [
  ["signature", 4, 0x02014b50],
  ["version made by", 2, 20],
  ...fixed,
  ...sizes,
  ["comment length", 2, 0],
  ["disk", 2, 0],
  ["internal attributes", 2, 0],
  ["external attributes", 4, 0],
  ["offset", 4, null],
];
const endRecord: readonly Field[] = [
  ["signature", 4, 0x06054b50],
  ["disk", 2, 0],
  ["directory disk", 2, 0],
  ["entries on disk", 2, null],
  ["entries", 2, null],
  ["directory size", 4, null],
  ["directory offset", 4, null],
  ["comment length", 2, 0],
];

type Entry = { readonly name: string; readonly size: number; readonly offset: number; readonly values: Values; readonly file: ReadFile };
type Values = Readonly<Record<string, number>>;

/** Bytes that are read where they are needed: of a file on disk, never all of them at once. */
export type ByteSource = { readonly size: number; at(offset: number, length: number): Buffer };

/** One file of a bundle. `bytes` null: it was looked at in passing and not kept. */
export type ReadFile = { readonly size: number; readonly sha256: string; readonly bytes: Uint8Array | null };

export type Container = { readonly files: ReadonlyMap<string, ReadFile>; readonly faults: readonly Fault[] };

/** Whoever wants a file in passing, piece by piece; null: it is kept whole. Large files never are. */
export type Passing = (name: string) => ((piece: Buffer) => void) | null;

const pieceSize = 1 << 18;

/**
 * Reads a bundle's zip and holds every byte of it against the one zip of its files. Nothing is unpacked, nothing is
 * allocated by a size that the zip claims, and reading goes on past a fault as long as the records still fit together.
 */
export function readContainer(source: ByteSource, passing: Passing): Container {
  const faults: Fault[] = [];
  const entries = readEntries(source, passing, faults);
  let at = entries.reduce((end, entry) => Math.max(end, entry.offset + 30 + entry.name.length + entry.size), 0);
  const directoryOffset = at;
  for (const entry of entries) at = holdDirectoryRecord(source, at, entry, faults);
  const end = { "entries on disk": entries.length, entries: entries.length, "directory size": at - directoryOffset, "directory offset": directoryOffset };
  at = hold(source, at, endRecord, end, "container, end record", faults);
  if (at < source.size) faults.push(fault("container", `${source.size - at} bytes follow the end of the zip`));
  return { files: new Map(entries.map(({ name, file }) => [name, file])), faults };
}

/** A bundle that is in memory already. */
export function inMemory(zip: Uint8Array): ByteSource {
  const bytes = Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength);
  return { size: bytes.length, at: (offset, length) => bytes.subarray(offset, offset + length) };
}

function readEntries(source: ByteSource, passing: Passing, faults: Fault[]): readonly Entry[] {
  const entries: Entry[] = [];
  let at = 0;
  while (at + 30 <= source.size && source.at(at, 4).readUInt32LE(0) === localHeader[0]![2]) {
    const entry = readEntry(source, at, passing, faults);
    if (entry === null) break;
    requireOrder(entries.at(-1), entry, faults);
    entries.push(entry);
    at = entry.offset + 30 + entry.name.length + entry.size;
  }
  if (entries.length === 0) faults.push(fault("container", "this is no zip that Drillbook wrote"));
  return entries;
}

function readEntry(source: ByteSource, offset: number, passing: Passing, faults: Fault[]): Entry | null {
  const values = valuesOf(source.at(offset, 30), localHeader);
  const nameEnd = offset + 30 + values["name length"]!;
  const size = values.size!;
  const name = source.at(offset + 30, values["name length"]!).toString("latin1");
  if (!allowedName.test(name)) {
    faults.push(fault(`container, local header at byte ${offset}`, `names ${JSON.stringify(name.slice(0, 80))}, which is no file of a bundle`));
    return null;
  }
  if (nameEnd + size > source.size) {
    faults.push(fault(`container, ${name}`, "is cut off: the zip ends before the file does"));
    return null;
  }
  const { file, crc } = readContent(source, nameEnd, size, passing(name));
  const expected = { "crc-32": crc, "compressed size": size, size, "name length": name.length };
  hold(source, offset, localHeader, expected, `container, local header of ${name}`, faults);
  return { name, size, offset, values: expected, file };
}

function readContent(source: ByteSource, start: number, size: number, pass: ((piece: Buffer) => void) | null): { readonly file: ReadFile; readonly crc: number } {
  const hash = createHash("sha256");
  let crc = 0;
  for (let at = 0; at < size; at += pieceSize) {
    const piece = source.at(start + at, Math.min(pieceSize, size - at));
    hash.update(piece);
    crc = crc32(piece, crc);
    pass?.(piece);
  }
  return { file: { size, sha256: hash.digest("hex"), bytes: pass === null ? source.at(start, size) : null }, crc };
}

function requireOrder(before: Entry | undefined, entry: Entry, faults: Fault[]): void {
  if (before === undefined || before.name < entry.name) return;
  const why = before.name === entry.name ? "stands in the zip twice" : `stands after ${before.name}`;
  faults.push(fault(`container, ${entry.name}`, why));
}

function holdDirectoryRecord(source: ByteSource, at: number, entry: Entry, faults: Fault[]): number {
  const where = `container, directory record of ${entry.name}`;
  const nameAt = hold(source, at, directoryRecord, { ...entry.values, offset: entry.offset }, where, faults);
  const name = source.at(nameAt, entry.name.length).toString("latin1");
  if (name !== entry.name) faults.push(fault(where, "field name differs from the local header"));
  return nameAt + entry.name.length;
}

/** Compares one record field by field; returns where it ends. */
function hold(source: ByteSource, at: number, fields: readonly Field[], expected: Values, where: string, faults: Fault[]): number {
  const width = fields.reduce((sum, [, bytesWide]) => sum + bytesWide, 0);
  if (at + width > source.size) {
    faults.push(fault(where, "is missing: the zip is cut off"));
    return at + width;
  }
  const found = valuesOf(source.at(at, width), fields);
  for (const [name, , value] of fields) {
    const wanted = value ?? expected[name];
    if (found[name] !== wanted) faults.push(fault(where, `field ${name} is ${found[name]}, must be ${wanted}`));
  }
  return at + width;
}

function valuesOf(bytes: Buffer, fields: readonly Field[]): Values {
  const values: Record<string, number> = {};
  let offset = 0;
  for (const [name, width] of fields) {
    values[name] = bytes.readUIntLE(offset, width);
    offset += width;
  }
  return values;
}
