import { crc32 } from "node:zlib";
import { fault, type Fault } from "./fault.ts";

/** The only names a bundle may hold: whoever unpacks one can be led nowhere else. */
const allowedName = /^(README\.txt|checkpoint\.txt|drill\.json|events\.jsonl|heads\.txt|inclusion\.txt|key\.pem|manifest\.sig|manifest\.txt|report\.html|report\.json|runbook\.md|timeline\.csv|blobs\/[0-9a-f]{64})$/;

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

type Entry = { readonly name: string; readonly bytes: Uint8Array; readonly offset: number; readonly values: Values };
type Values = Readonly<Record<string, number>>;

export type Container = { readonly files: ReadonlyMap<string, Uint8Array>; readonly faults: readonly Fault[] };

/**
 * Reads a bundle's zip and holds every byte of it against the one zip of its files. Nothing is unpacked, nothing is
 * allocated by a size that the zip claims, and reading goes on past a fault as long as the records still fit together.
 */
export function readContainer(zip: Uint8Array): Container {
  const bytes = Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength);
  const faults: Fault[] = [];
  const entries = readEntries(bytes, faults);
  let at = entries.reduce((end, entry) => Math.max(end, entry.offset + 30 + entry.name.length + entry.bytes.length), 0);
  const directoryOffset = at;
  for (const entry of entries) at = holdDirectoryRecord(bytes, at, entry, faults);
  const end = { "entries on disk": entries.length, entries: entries.length, "directory size": at - directoryOffset, "directory offset": directoryOffset };
  at = hold(bytes, at, endRecord, end, "container, end record", faults);
  if (at < bytes.length) faults.push(fault("container", `${bytes.length - at} bytes follow the end of the zip`));
  return { files: new Map(entries.map(({ name, bytes: content }) => [name, content])), faults };
}

function readEntries(bytes: Buffer, faults: Fault[]): readonly Entry[] {
  const entries: Entry[] = [];
  let at = 0;
  while (at + 30 <= bytes.length && bytes.readUInt32LE(at) === localHeader[0]![2]) {
    const entry = readEntry(bytes, at, faults);
    if (entry === null) break;
    requireOrder(entries.at(-1), entry, faults);
    entries.push(entry);
    at = entry.offset + 30 + entry.name.length + entry.bytes.length;
  }
  if (entries.length === 0) faults.push(fault("container", "this is no zip that Drillbook wrote"));
  return entries;
}

function readEntry(bytes: Buffer, offset: number, faults: Fault[]): Entry | null {
  const values = valuesOf(bytes, offset, localHeader);
  const nameEnd = offset + 30 + values["name length"]!;
  const end = nameEnd + values.size!;
  const name = bytes.toString("latin1", offset + 30, nameEnd);
  if (!allowedName.test(name)) {
    faults.push(fault(`container, local header at byte ${offset}`, `names ${JSON.stringify(name.slice(0, 80))}, which is no file of a bundle`));
    return null;
  }
  if (end > bytes.length) {
    faults.push(fault(`container, ${name}`, "is cut off: the zip ends before the file does"));
    return null;
  }
  const content = bytes.subarray(nameEnd, end);
  const expected = { "crc-32": crc32(content), "compressed size": values.size!, size: values.size!, "name length": name.length };
  hold(bytes, offset, localHeader, expected, `container, local header of ${name}`, faults);
  return { name, bytes: content, offset, values: expected };
}

function requireOrder(before: Entry | undefined, entry: Entry, faults: Fault[]): void {
  if (before === undefined || before.name < entry.name) return;
  const why = before.name === entry.name ? "stands in the zip twice" : `stands after ${before.name}`;
  faults.push(fault(`container, ${entry.name}`, why));
}

function holdDirectoryRecord(bytes: Buffer, at: number, entry: Entry, faults: Fault[]): number {
  const where = `container, directory record of ${entry.name}`;
  const nameAt = hold(bytes, at, directoryRecord, { ...entry.values, offset: entry.offset }, where, faults);
  const name = bytes.toString("latin1", nameAt, nameAt + entry.name.length);
  if (name !== entry.name) faults.push(fault(where, "field name differs from the local header"));
  return nameAt + entry.name.length;
}

/** Compares one record field by field; returns where it ends. */
function hold(bytes: Buffer, at: number, fields: readonly Field[], expected: Values, where: string, faults: Fault[]): number {
  const width = fields.reduce((sum, [, bytesWide]) => sum + bytesWide, 0);
  if (at + width > bytes.length) {
    faults.push(fault(where, "is missing: the zip is cut off"));
    return at + width;
  }
  const found = valuesOf(bytes, at, fields);
  for (const [name, , value] of fields) {
    const wanted = value ?? expected[name];
    if (found[name] !== wanted) faults.push(fault(where, `field ${name} is ${found[name]}, must be ${wanted}`));
  }
  return at + width;
}

function valuesOf(bytes: Buffer, at: number, fields: readonly Field[]): Values {
  const values: Record<string, number> = {};
  let offset = at;
  for (const [name, width] of fields) {
    values[name] = bytes.readUIntLE(offset, width);
    offset += width;
  }
  return values;
}
