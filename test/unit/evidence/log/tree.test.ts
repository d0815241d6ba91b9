import assert from "node:assert/strict";
import { leafHash, merkleTree } from "../../../../src/evidence/log/tree.ts";
import { isConsistent, isIncluded } from "../../../../src/evidence/verify/tree.ts";

/** The entries and roots that implementations of RFC 6962 are commonly tested with. */
const entries = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const roots = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const leaves = entries.map((entry) => leafHash(Buffer.from(entry, "hex")));

describe("the tree of RFC 6962", () => {
  it("has the known roots at every size, whatever was added later", () => {
    const tree = merkleTree(leaves);
    roots.forEach((root, size) => assert.equal(tree.root(size), root));
  });

  it("has the known proofs", () => {
    const tree = merkleTree(leaves);
    assert.deepEqual(tree.inclusion(0, 8), [
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]);
    assert.deepEqual(tree.consistency(1, 1), []);
    assert.deepEqual(tree.consistency(6, 8), [
      "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]);
  });

  const many = Array.from({ length: 40 }, (_, i) => leafHash(Buffer.from(`entry ${i}`)));

  it("proves every leaf of every size, and no other leaf, place, size or path", () => {
    const tree = merkleTree(many);
    for (let size = 1; size <= many.length; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const path = tree.inclusion(index, size);
        const holds = (leaf: string, at: number, of: number, by: readonly string[]) => isIncluded(leaf, at, of, by, tree.root(size));
        assert.ok(holds(many[index]!, index, size, path), `${index} of ${size}`);
        assert.ok(!holds(many[(index + 1) % many.length]!, index, size, path));
        assert.ok(!holds(many[index]!, index + 1, size, path), `${index} of ${size} as the next`);
        assert.ok(!holds(many[index]!, index, size, [...path, many[0]!]));
        if (path.length > 0) assert.ok(!holds(many[index]!, index, size, path.slice(1)));
      }
    }
  });

  it("proves every size from every earlier one, and no fork", () => {
    const tree = merkleTree(many);
    const fork = merkleTree(many.map((leaf, i) => (i === 3 ? leafHash(Buffer.from("another")) : leaf)));
    for (let to = 1; to <= many.length; to += 1) {
      for (let from = 1; from <= to; from += 1) {
        const proof = tree.consistency(from, to);
        assert.ok(isConsistent(from, tree.root(from), to, tree.root(to), proof), `${from} to ${to}`);
        assert.ok(!isConsistent(from, tree.root(from), to, tree.root(to), [...proof, many[0]!]));
        if (from > 3) assert.ok(!isConsistent(from, fork.root(from), to, tree.root(to), proof), `a fork at ${from}`);
        if (to > 3) assert.ok(!isConsistent(from, tree.root(from), to, fork.root(to), fork.consistency(from, to)) || from <= 3);
      }
    }
  });

  it("refuses what it does not hold", () => {
    const tree = merkleTree(many);
    assert.throws(() => tree.root(41), RangeError);
    assert.throws(() => tree.inclusion(40, 40), RangeError);
    assert.throws(() => tree.consistency(5, 4), RangeError);
  });
});
