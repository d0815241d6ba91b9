import type { BootReader, ProtectedServer } from "../checks/ports.ts";
import type { Look } from "../drills/ports.ts";

export type KeptFile = { readonly name: string; readonly mediaType: string; readonly bytes: Uint8Array };

// A cleanup is owed and must not wait long for pictures, and a drill has room for some two hundred files.
const mostServers = 40;
const atOnce = 8;
const longestMs = 60_000;

const extensions: Readonly<Record<string, string>> = { "image/bmp": "bmp", "image/png": "png", "image/jpeg": "jpg" };

/**
 * The last screen and the serial log of test servers that are about to be deleted. What cannot be had within a minute is
 * left out: a missing picture must not keep a test environment alive. The addresses they lie at are secrets and stay
 * behind the port.
 */
export async function bootEvidence(boots: Pick<BootReader, "bootRecord">, servers: readonly ProtectedServer[], look: Look): Promise<readonly KeptFile[]> {
  const within: Look = { ...look, signal: AbortSignal.any([look.signal, AbortSignal.timeout(longestMs)]) };
  const waiting = servers.flatMap(({ testServer }) => testServer ?? []).slice(0, mostServers);
  const kept: KeptFile[][] = [];
  const work = async (): Promise<void> => {
    for (let server = waiting.shift(); server !== undefined && !within.signal.aborted; server = waiting.shift()) {
      try {
        kept.push(filesOf(server.name, await boots.bootRecord(server, within)));
      } catch {
        // The request is on record with its status.
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return kept.flat().toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function filesOf(server: string, { screenshot, serialLog }: Awaited<ReturnType<BootReader["bootRecord"]>>): KeptFile[] {
  const picture = screenshot === null ? [] : [{ name: `${server}-screen.${extensions[screenshot.mediaType] ?? "bin"}`, mediaType: screenshot.mediaType, bytes: screenshot.bytes }];
  const log = serialLog === null || serialLog === "" ? [] : [{ name: `${server}-serial.log`, mediaType: "text/plain", bytes: new TextEncoder().encode(serialLog) }];
  return [...picture, ...log];
}
