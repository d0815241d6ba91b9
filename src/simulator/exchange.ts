import { createConnection } from "node:net";
import type { ProbeAnswer, ProbeRequest } from "../checks/http/wire.ts";

// An HTTP/1.1 server may keep the connection open after its answer: quiet after a whole head ends the exchange.
const quietMs = 60;
const mostBytes = 65_536;

/** Sends a probe's bytes to a loopback port and keeps what comes back: what the probe script does on a real server. */
export function exchange(request: ProbeRequest, port: number): Promise<ProbeAnswer> {
  const began = performance.now();
  const since = () => Math.round(performance.now() - began);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let connectMs = -1;
    let firstByteMs = -1;
    let quiet: NodeJS.Timeout | null = null;
    const socket = createConnection({ host: "127.0.0.1", port });
    const limit = setTimeout(() => end(headEnded(chunks) ? "answered" : "timed-out"), request.timeoutMs);

    function end(outcome: ProbeAnswer["outcome"]): void {
      clearTimeout(limit);
      if (quiet !== null) clearTimeout(quiet);
      socket.destroy();
      const received = Buffer.concat(chunks);
      resolve({ id: request.id, outcome, connectMs, firstByteMs, totalMs: since(), totalBytes: received.length, received: received.subarray(0, request.maxBytes) });
    }

    socket.on("connect", () => {
      connectMs = since();
      socket.write(request.bytes);
    });
    socket.on("data", (chunk) => {
      if (firstByteMs < 0) firstByteMs = since();
      chunks.push(chunk);
      if (chunks.reduce((sum, one) => sum + one.length, 0) >= mostBytes) return end("answered");
      if (quiet !== null) clearTimeout(quiet);
      if (headEnded(chunks)) quiet = setTimeout(() => end("answered"), quietMs);
    });
    socket.on("end", () => end(chunks.length > 0 ? "answered" : "closed"));
    socket.on("error", (error) => end(chunks.length > 0 ? "answered" : "code" in error && error.code === "ECONNREFUSED" ? "refused" : "reset"));
  });
}

/** The answer that nobody gave. */
export function unanswered(request: ProbeRequest, outcome: ProbeAnswer["outcome"]): ProbeAnswer {
  const waitedMs = outcome === "timed-out" ? request.timeoutMs : 1;
  return { id: request.id, outcome, connectMs: -1, firstByteMs: -1, totalMs: waitedMs, totalBytes: 0, received: new Uint8Array() };
}

function headEnded(chunks: readonly Buffer[]): boolean {
  return Buffer.concat(chunks).includes("\r\n\r\n");
}
