export const recordTypes = { A: 1, NS: 2, CNAME: 5, MX: 15, TXT: 16, AAAA: 28, SRV: 33 } as const;
export type RecordType = keyof typeof recordTypes;

export type DnsRecord = { readonly name: string; readonly type: string; readonly ttl: number; readonly value: string };
export type DnsAnswer = { readonly code: string; readonly authoritative: boolean; readonly records: readonly DnsRecord[] };

const codes = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"] as const;

/** A question for DNS over TCP (RFC 7766): the length, then the message. TCP, so that one probe carries it from anywhere. */
export function question(name: string, type: RecordType, id: number): Uint8Array {
  const labels = name.replace(/\.$/, "").split(".").map((label) => Buffer.from(label, "latin1"));
  const head = Buffer.from([id >> 8, id & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  const asked = Buffer.concat([...labels.flatMap((label) => [Buffer.from([label.length]), label]), Buffer.from([0, 0, recordTypes[type], 0, 1])]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(head.length + asked.length);
  return Buffer.concat([length, head, asked]);
}

/** Whether the message that the first two bytes announce has come. */
export function isWholeAnswer(received: Uint8Array): boolean {
  return received.length >= 2 && received.length >= 2 + Buffer.from(received).readUInt16BE(0);
}

/** Reads an answer to `question`; null when it is none, or not to this id. Every offset is checked: the bytes are anybody's. */
export function readAnswer(received: Uint8Array, id: number): DnsAnswer | null {
  const message = Buffer.from(received).subarray(2);
  if (!isWholeAnswer(received) || message.length < 12 || message.readUInt16BE(0) !== id || (message.readUInt8(2) & 0x80) === 0) return null;
  try {
    let at = 12;
    for (let n = message.readUInt16BE(4); n > 0; n -= 1) at = readName(message, at).next + 4;
    const records: DnsRecord[] = [];
    for (let n = Math.min(message.readUInt16BE(6), 200); n > 0; n -= 1) {
      const { name, next } = readName(message, at);
      const length = message.readUInt16BE(next + 8);
      const type = message.readUInt16BE(next);
      records.push({ name, type: typeName(type), ttl: message.readUInt32BE(next + 4), value: readValue(message, type, next + 10, length) });
      at = next + 10 + length;
    }
    return { code: codes[message.readUInt8(3) & 15] ?? "OTHER", authoritative: (message.readUInt8(2) & 4) !== 0, records };
  } catch (thrown) {
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
}

function readName(message: Buffer, from: number): { readonly name: string; readonly next: number } {
  const labels: string[] = [];
  let at = from;
  let next = -1;
  // A pointer may point at a pointer; a ring of them must end.
  for (let jumps = 0; jumps < 20; ) {
    const length = message.readUInt8(at);
    if (length === 0) return { name: `${labels.join(".")}`, next: next < 0 ? at + 1 : next };
    if (length >= 0xc0) {
      if (next < 0) next = at + 2;
      at = message.readUInt16BE(at) & 0x3fff;
      jumps += 1;
    } else {
      if (at + 1 + length > message.length || labels.length > 127) throw new RangeError("A label leads out of the message.");
      labels.push(message.toString("latin1", at + 1, at + 1 + length).replace(/[^!-~]/g, "?"));
      at += 1 + length;
    }
  }
  throw new RangeError("Pointers in a ring.");
}

function readValue(message: Buffer, type: number, at: number, length: number): string {
  if (at + length > message.length) throw new RangeError("A record leads out of the message.");
  const bytes = message.subarray(at, at + length);
  if (type === recordTypes.A && length === 4) return bytes.join(".");
  if (type === recordTypes.AAAA && length === 16) return new URL(`http://[${Array.from({ length: 8 }, (_, n) => bytes.readUInt16BE(n * 2).toString(16)).join(":")}]/`).hostname.slice(1, -1);
  if (type === recordTypes.CNAME || type === recordTypes.NS) return readName(message, at).name;
  if (type === recordTypes.MX) return `${bytes.readUInt16BE(0)} ${readName(message, at + 2).name}`;
  if (type === recordTypes.SRV) return `${bytes.readUInt16BE(0)} ${bytes.readUInt16BE(2)} ${bytes.readUInt16BE(4)} ${readName(message, at + 6).name}`;
  if (type === recordTypes.TXT) {
    let text = "";
    for (let from = 0; from < bytes.length; from += 1 + bytes.readUInt8(from)) text += bytes.toString("latin1", from + 1, from + 1 + bytes.readUInt8(from));
    return text.replace(/[^ -~]/g, "?").slice(0, 500);
  }
  return bytes.toString("hex").slice(0, 200);
}

function typeName(type: number): string {
  return Object.entries(recordTypes).find(([, number]) => number === type)?.[0] ?? `TYPE${type}`;
}
