import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../../../verifiers", import.meta.url));

/** Bundles come in with their length in front; a line of JSON goes out for each. */
const loop = `
import json, struct, sys
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
from verify_bundle import verify
known = [sys.argv[2].encode()] if sys.argv[2] else []
earlier = [open(path, "rb").read() for path in sys.argv[3:]]
while head := sys.stdin.buffer.read(4):
    status, where, why, _ = verify(sys.stdin.buffer.read(struct.unpack("<I", head)[0]), known, earlier)
    print(json.dumps([status, where, why]), flush=False)
`;

export type SecondVerdict = { readonly status: string; readonly where: string; readonly why: string };

export function hasPython(): boolean {
  return spawnSync("python3", ["--version"]).status === 0;
}

/** What the verifier in Python says of each bundle, all in one process. `known`: PEM of a trusted key, or ""; `earlier`: files kept from before. */
export function secondVerdicts(bundles: Iterable<Uint8Array>, known: string, earlier: readonly string[] = []): Promise<readonly SecondVerdict[]> {
  return new Promise((resolve, reject) => {
    const child = spawn("python3", ["-c", loop, folder, known, ...earlier], { stdio: ["pipe", "pipe", "inherit"] });
    const out: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => out.push(part));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0) return reject(new Error(`python3 ended with ${code}`));
      const lines = Buffer.concat(out).toString("utf8").split("\n").slice(0, -1);
      resolve(lines.map((line) => {
        const [status, where, why] = JSON.parse(line) as [string, string, string];
        return { status, where, why };
      }));
    });
    for (const bundle of bundles) {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bundle.length);
      child.stdin.write(Buffer.concat([length, bundle]));
    }
    child.stdin.end();
  });
}
