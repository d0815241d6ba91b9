import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../../../verifiers", import.meta.url));

/** A bundle, what was told of it and what was kept from before come in, each with its length in front; a line of JSON goes out for each bundle. */
const loop = `
import json, struct, sys
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
from verify_bundle import read_card, read_fingerprint, verify

def take():
    head = sys.stdin.buffer.read(4)
    return sys.stdin.buffer.read(struct.unpack("<I", head)[0]) if head else None

while (bundle := take()) is not None:
    told = json.loads(take())
    expected = [read_card(told["card"])] if told["card"] else []
    expected += [read_fingerprint(told["fingerprint"])] if told["fingerprint"] else []
    known = [told["known"].encode()] if told["known"] else []
    status, where, why, _ = verify(bundle, known, [take() for _ in range(told["earlier"])], expected)
    print(json.dumps([status, where, why]), flush=False)
`;

export type SecondVerdict = { readonly status: string; readonly where: string; readonly why: string };

export function hasPython(): boolean {
  return spawnSync("python3", ["--version"]).status === 0;
}

/** A bundle and what is held against it: the PEM of a trusted key, files kept from before, a card's text, an expected fingerprint. */
export type Asked = { readonly bundle: Uint8Array; readonly known?: string; readonly earlier?: readonly Uint8Array[]; readonly card?: string; readonly fingerprint?: string };

/** What the verifier in Python says of each bundle, with this key known and these files kept. */
export function secondVerdicts(bundles: readonly Uint8Array[], known: string, earlier: readonly Uint8Array[] = []): Promise<readonly SecondVerdict[]> {
  return secondVerdictsOn(bundles.map((bundle) => ({ bundle, known, earlier })));
}

/** The same, all in one process, however many there are: a new Python for each would be most of the time. */
export async function secondVerdictsOn(all: Iterable<Asked> | AsyncIterable<Asked>): Promise<readonly SecondVerdict[]> {
  const child = spawn("python3", ["-c", loop, folder], { stdio: ["pipe", "pipe", "inherit"] });
  const out: Buffer[] = [];
  child.stdout.on("data", (part: Buffer) => out.push(part));
  const closed = once(child, "close");
  // A Python that died is told of by its exit code.
  child.stdin.on("error", () => undefined);
  try {
    for await (const asked of all) {
      // What is not taken yet is waited for: ten thousand bundles need not lie in memory at once.
      if (!child.stdin.write(packed(asked))) await Promise.race([once(child.stdin, "drain"), closed]);
    }
  } finally {
    child.stdin.end();
  }
  const [code] = await closed;
  if (code !== 0) throw new Error(`python3 ended with ${code}`);
  const lines = Buffer.concat(out).toString("utf8").split("\n").slice(0, -1);
  return lines.map((line) => {
    const [status, where, why] = JSON.parse(line) as [string, string, string];
    return { status, where, why };
  });
}

function packed({ bundle, known = "", earlier = [], card = "", fingerprint = "" }: Asked): Buffer {
  const told = Buffer.from(JSON.stringify({ known, card, fingerprint, earlier: earlier.length }));
  return Buffer.concat([bundle, told, ...earlier].flatMap((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(part.length);
    return [length, part];
  }));
}
