import { sha256 } from "../hash.ts";

/** The hash of one entry (RFC 6962, 2.1), hex. */
export function leafHash(entry: Uint8Array): string {
  return sha256(Buffer.of(0), entry);
}

export type MerkleTree = {
  size(): number;
  /** `leaf` is the hash of an entry, hex. */
  append(leaf: string): void;
  /** The root of the first `size` leaves, hex. */
  root(size: number): string;
  /** Proves that leaf `index` is among the first `size` (RFC 6962, 2.1.1); from the leaf's sibling upwards, hex. */
  inclusion(index: number, size: number): readonly string[];
  /** Proves that the first `from` leaves begin the first `to` (RFC 6962, 2.1.2). */
  consistency(from: number, to: number): readonly string[];
};

/** An append-only tree. Every whole subtree's hash is kept, so that a proof costs no hashing of leaves. */
export function merkleTree(leaves: Iterable<string> = []): MerkleTree {
  /** whole[k][i]: the root of the leaves from i * 2^k, 2^k of them. */
  const whole: Hashes[] = [hashes()];

  const append = (leaf: string): void => {
    whole[0]!.push(leaf);
    for (let k = 0; whole[k]!.count() % 2 === 0; k += 1) {
      const last = whole[k]!.count() - 1;
      (whole[k + 1] ??= hashes()).push(nodeHash(whole[k]!.at(last - 1), whole[k]!.at(last)));
    }
  };
  for (const leaf of leaves) append(leaf);

  const rootOf = (start: number, end: number): string => {
    const count = end - start;
    const k = Math.log2(count);
    const known = Number.isInteger(k) && start % count === 0 ? whole[k] : undefined;
    if (known !== undefined && start / count < known.count()) return known.at(start / count);
    const middle = start + largestPowerBelow(count);
    return nodeHash(rootOf(start, middle), rootOf(middle, end));
  };

  const path = (index: number, start: number, end: number): readonly string[] => {
    if (end - start === 1) return [];
    const middle = start + largestPowerBelow(end - start);
    return index < middle ? [...path(index, start, middle), rootOf(middle, end)] : [...path(index, middle, end), rootOf(start, middle)];
  };

  const proof = (from: number, start: number, end: number, known: boolean): readonly string[] => {
    if (from === end) return known ? [] : [rootOf(start, end)];
    const middle = start + largestPowerBelow(end - start);
    if (from <= middle) return [...proof(from, start, middle, known), rootOf(middle, end)];
    return [...proof(from, middle, end, false), rootOf(start, middle)];
  };

  const within = (size: number): void => {
    if (!Number.isInteger(size) || size < 0 || size > whole[0]!.count()) throw new RangeError(`the tree has ${whole[0]!.count()} leaves, not ${size}`);
  };

  return {
    size: () => whole[0]!.count(),
    append,
    root(size) {
      within(size);
      return size === 0 ? sha256() : rootOf(0, size);
    },
    inclusion(index, size) {
      within(size);
      if (!Number.isInteger(index) || index < 0 || index >= size) throw new RangeError(`there is no leaf ${index} among ${size}`);
      return path(index, 0, size);
    },
    consistency(from, to) {
      within(to);
      if (from > to) throw new RangeError(`${from} leaves are no beginning of ${to}`);
      return from === 0 || from === to ? [] : proof(from, 0, to, true);
    },
  };
}

type Hashes = { count(): number; at(index: number): string; push(hash: string): void };

/** SHA-256 hashes by the hundred thousand, 32 bytes each: as texts they would take thrice the room. */
function hashes(): Hashes {
  let bytes = Buffer.alloc(32);
  let count = 0;
  return {
    count: () => count,
    at: (index) => bytes.toString("hex", index * 32, index * 32 + 32),
    push(hash) {
      if (bytes.length === count * 32) bytes = Buffer.concat([bytes], bytes.length * 2);
      bytes.write(hash, count * 32, "hex");
      count += 1;
    },
  };
}

function nodeHash(left: string, right: string): string {
  return sha256(Buffer.of(1), Buffer.from(left, "hex"), Buffer.from(right, "hex"));
}

/** The largest power of two smaller than `count`, which is at least 2. */
function largestPowerBelow(count: number): number {
  return 2 ** Math.floor(Math.log2(count - 1));
}
