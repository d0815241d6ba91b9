import { sha256 } from "../hash.ts";

/** The hash of one entry (RFC 6962, 2.1), hex; a text stands for its UTF-8. */
export function leafHash(entry: Uint8Array | string): string {
  return typeof entry === "string" ? sha256(`\0${entry}`) : sha256(Buffer.of(0), entry);
}

/**
 * The tree over a log's entries, as RFC 6962 has it. A size or index beyond its own throws a `RangeError`: that is a fault of
 * Drillbook's, never of data.
 */
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
      (whole[k + 1] ??= hashes()).push(whole[k]!.above(last - 1));
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

type Hashes = { count(): number; at(index: number): string; /** The node over this hash and the next one; `index` is even. */ above(index: number): string; push(hash: string): void };

/** How many hashes lie in one piece of memory: a growing log moves none of them, and leaves none behind. */
const pieceOf = 256;

/** SHA-256 hashes by the hundred thousand, 32 bytes each: as texts they would take thrice the room. */
function hashes(): Hashes {
  const pieces: Buffer[] = [];
  let count = 0;
  const pieceAt = (index: number): Buffer => pieces[Math.floor(index / pieceOf)]!;
  const within = (index: number): number => (index % pieceOf) * 32;
  return {
    count: () => count,
    at: (index) => pieceAt(index).toString("hex", within(index), within(index) + 32),
    above(index) {
      pieceAt(index).copy(node, 1, within(index), within(index) + 64);
      return sha256(node);
    },
    push(hash) {
      if (count % pieceOf === 0) pieces.push(Buffer.alloc(pieceOf * 32));
      pieceAt(count).write(hash, within(count), "hex");
      count += 1;
    },
  };
}

/** A one, and room for two hashes: a start hashes a hundred thousand nodes, and what each left behind would stay resident. */
const node = Buffer.alloc(65, 1);

function nodeHash(left: string, right: string): string {
  return sha256(Buffer.of(1), Buffer.from(left, "hex"), Buffer.from(right, "hex"));
}

/** The largest power of two smaller than `count`, which is at least 2. */
function largestPowerBelow(count: number): number {
  return 2 ** Math.floor(Math.log2(count - 1));
}
