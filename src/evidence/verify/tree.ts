import { sha256 } from "../hash.ts";

/** Beyond this a proof of ours cannot reach, and 32-bit shifts stay right. */
const greatestSize = 2 ** 31 - 1;

/** Whether `path` leads from a leaf hash to the root (RFC 9162, 2.1.3.2). All hashes in hex. */
export function isIncluded(leaf: string, index: number, size: number, path: readonly string[], root: string): boolean {
  if (!isSize(size) || !isSize(index) || index >= size) return false;
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return false;
    if ((node & 1) === 1 || node === last) {
      hash = joined(sibling, hash);
      while ((node & 1) === 0 && node !== 0) [node, last] = [node >>> 1, last >>> 1];
    } else {
      hash = joined(hash, sibling);
    }
    [node, last] = [node >>> 1, last >>> 1];
  }
  return last === 0 && hash === root;
}

/** Whether the tree of `size` leaves and root `root` only added to the one of `oldSize` and `oldRoot` (RFC 9162, 2.1.4.2). */
export function isConsistent(oldSize: number, oldRoot: string, size: number, root: string, proof: readonly string[]): boolean {
  if (!isSize(oldSize) || !isSize(size) || oldSize > size) return false;
  if (oldSize === size) return proof.length === 0 && oldRoot === root;
  if (oldSize === 0) return proof.length === 0;
  const isPower = (oldSize & (oldSize - 1)) === 0;
  const [first, ...rest] = isPower ? [oldRoot, ...proof] : proof;
  if (first === undefined) return false;
  let [node, last] = [oldSize - 1, size - 1];
  while ((node & 1) === 1) [node, last] = [node >>> 1, last >>> 1];
  let [old, now] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if ((node & 1) === 1 || node === last) {
      [old, now] = [joined(sibling, old), joined(sibling, now)];
      while ((node & 1) === 0 && node !== 0) [node, last] = [node >>> 1, last >>> 1];
    } else {
      now = joined(now, sibling);
    }
    [node, last] = [node >>> 1, last >>> 1];
  }
  return last === 0 && old === oldRoot && now === root;
}

/** The root of these leaf hashes (RFC 9162, 2.1.1), in hex. */
export function rootOf(leaves: readonly string[]): string {
  // Whole subtrees of falling size, joined when two of one size meet: no recursion, and one pass.
  const subtrees: { readonly size: number; readonly hash: string }[] = [];
  for (const leaf of leaves) {
    let node = { size: 1, hash: leaf };
    while (subtrees.at(-1)?.size === node.size) node = { size: node.size * 2, hash: joined(subtrees.pop()!.hash, node.hash) };
    subtrees.push(node);
  }
  const last = subtrees.pop();
  return last === undefined ? sha256() : subtrees.reduceRight((right, { hash }) => joined(hash, right), last.hash);
}

function isSize(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= greatestSize;
}

function joined(left: string, right: string): string {
  return sha256(Buffer.of(1), Buffer.from(left, "hex"), Buffer.from(right, "hex"));
}
