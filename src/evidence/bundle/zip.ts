import { crc32 } from "node:zlib";
import { DrillbookError } from "../../errors.ts";

/** 1 January 1980, the first day that a zip knows: real dates would make two exports of one drill differ. */
const noDate = 0x0021;
const version = 20;
const utf8Names = 0x0800;

type Entry = { readonly name: Buffer; readonly bytes: Uint8Array; readonly crc: number; readonly offset: number };

/**
 * The one zip of these files: stored, in order of name, without dates, attributes, extra fields or comments. Whoever
 * knows the files can make every byte of it again, which is how a verifier notices bits that no content hash covers.
 * Throws `bad-input` beyond what a plain zip can hold.
 */
export function writeZip(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const entries: Entry[] = [];
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, bytes] of inOrder(files)) {
    const entry = { name: Buffer.from(name, "utf8"), bytes, crc: crc32(bytes), offset };
    entries.push(entry);
    parts.push(localHeader(entry), bytes);
    offset += 30 + entry.name.length + bytes.length;
  }
  const directory = Buffer.concat(entries.map(directoryRecord));
  requirePlainSize(entries.length, offset + directory.length);
  return Buffer.concat([...parts, directory, endRecord(entries.length, directory.length, offset)]);
}

function inOrder(files: ReadonlyMap<string, Uint8Array>): readonly [string, Uint8Array][] {
  return [...files].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function localHeader({ name, bytes, crc }: Entry): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  writeCommon(header.subarray(4), name, bytes, crc);
  return Buffer.concat([header, name]);
}

function directoryRecord({ name, bytes, crc, offset }: Entry): Buffer {
  const record = Buffer.alloc(46);
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE(version, 4);
  writeCommon(record.subarray(6), name, bytes, crc);
  record.writeUInt32LE(offset, 42);
  return Buffer.concat([record, name]);
}

/** From "version needed" to "name length", which both records share; "extra length" and what follows stay 0. */
function writeCommon(target: Buffer, name: Buffer, bytes: Uint8Array, crc: number): void {
  target.writeUInt16LE(version, 0);
  target.writeUInt16LE(utf8Names, 2);
  target.writeUInt16LE(noDate, 8);
  target.writeUInt32LE(crc, 10);
  target.writeUInt32LE(bytes.length, 14);
  target.writeUInt32LE(bytes.length, 18);
  target.writeUInt16LE(name.length, 22);
}

function endRecord(count: number, size: number, offset: number): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(size, 12);
  record.writeUInt32LE(offset, 16);
  return record;
}

function requirePlainSize(count: number, size: number): void {
  if (count < 0xffff && size < 0xffffffff) return;
  throw new DrillbookError(
    "bad-input",
    `The bundle would hold ${count} files and ${size} bytes, more than a plain zip can.`,
    "Keep very large attachments outside the drill and note their SHA-256 instead.",
  );
}
