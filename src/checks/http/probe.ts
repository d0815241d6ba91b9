import type { Socket } from "node:net";
import { certificateOf } from "./certificate.ts";
import type { CertificateFacts } from "./certificate.ts";
import { connect as connectTls } from "node:tls";
import type { Probed } from "./exchange.ts";
import { hasHead, isComplete } from "./response.ts";
import type { ProbeOutcome, ProbeRequest } from "./wire.ts";

/** Opens a plain connection to an address that has been checked. */
export type Connect = (address: string, port: number) => Socket;

/** A server that keeps the connection open and sends no length is done when it has been quiet this long. */
const quietMs = 300;
/** A time-out that comes so much later than it was set for tells that this process stood still, and nothing of the server. */
const stoodStillMs = 250;
/** No server is read further than this, whatever it sends. */
const mostBytes = 65_536;

/**
 * When enough has come: a head and a pause; the answer's end or the time-out, as for whoever looks for text; or whatever
 * another protocol says.
 */
export type Until = "head" | "end" | ((received: Buffer) => boolean);

/**
 * Makes one exchange over a raw socket: sends `request.bytes` as they are, follows no redirect, knows no proxy, judges no
 * certificate (balancers do not) but tells what it was. Never throws for what the server does; rejects only when `signal` aborts.
 * Makes it anew, at most `again` times, when the time was over while this process itself stood still, as in a machine that is being
 * moved: the answer may have come in time, or not, and nobody can say which.
 */
export function exchange(request: ProbeRequest, connect: Connect, signal: AbortSignal, until: Until = "head", again = 2): Promise<Probed> {
  return new Promise((settle, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const begun = performance.now();
    const since = () => Math.round(performance.now() - begun);
    const toHead = Buffer.from(request.bytes.subarray(0, 5)).toString("latin1") === "HEAD ";
    let received = Buffer.alloc(0);
    let connectMs = -1;
    let shakeFrom = 0;
    let tlsMs = -1;
    let firstByteMs = -1;
    let shaking = false;
    let ended = false;
    let certificate: CertificateFacts | null = null;
    let quiet: NodeJS.Timeout | undefined;

    const socket = connect(request.address, request.port);
    let stream: Socket = socket;
    const deadline = setTimeout(() => {
      if (again === 0 || since() < request.timeoutMs + stoodStillMs) return end(hasHead(received) ? "answered" : "timed-out");
      close();
      settle(exchange(request, connect, signal, until, again - 1));
    }, request.timeoutMs);
    const stopped = () => {
      close();
      reject(signal.reason);
    };
    signal.addEventListener("abort", stopped, { once: true });

    const close = () => {
      clearTimeout(deadline);
      clearTimeout(quiet);
      signal.removeEventListener("abort", stopped);
      // From the top down: a socket taken away from under a handshake brings the whole process down (Node 24.21).
      stream.destroy();
      socket.destroy();
    };
    const end = (outcome: ProbeOutcome) => {
      close();
      const kept = received.subarray(0, request.maxBytes);
      settle({ id: request.id, outcome, connectMs, tlsMs, firstByteMs, totalMs: since(), totalBytes: received.length, received: kept, certificate, ended });
    };
    const read = (chunk: Buffer) => {
      if (firstByteMs < 0) firstByteMs = since();
      received = Buffer.concat([received, chunk]).subarray(0, mostBytes);
      clearTimeout(quiet);
      if (received.length >= mostBytes || (typeof until === "function" ? until(received) : isComplete(received, toHead))) end("answered");
      else if (until === "head" && hasHead(received)) quiet = setTimeout(() => end("answered"), quietMs);
    };
    const talk = (open: Socket) => {
      shaking = false;
      open.on("data", read);
      open.on("end", () => {
        ended = true;
        end(received.length > 0 ? "answered" : "closed");
      });
      open.write(request.bytes);
    };
    const fail = (error: NodeJS.ErrnoException) => end(received.length > 0 ? "answered" : shaking ? "tls-failed" : outcomeOf(error));

    const gone = () => end(received.length > 0 ? "answered" : shaking ? "tls-failed" : "closed");

    socket.on("error", fail);
    socket.on("close", gone);
    socket.on("connect", () => {
      connectMs = since();
      if (request.tls === null) return talk(socket);
      shaking = true;
      shakeFrom = performance.now();
      const secure = connectTls({
        socket,
        ...(request.tls.sni === null ? {} : { servername: request.tls.sni }),
        rejectUnauthorized: false,
        // A balancer's probe takes old servers as they are; ours must not fail where it would not.
        minVersion: "TLSv1",
        ciphers: "DEFAULT:@SECLEVEL=0",
      });
      stream = secure;
      secure.on("error", fail);
      secure.on("secureConnect", () => {
        tlsMs = Math.round(performance.now() - shakeFrom);
        certificate = certificateOf(secure);
        talk(secure);
      });
      secure.on("close", gone);
    });
  });
}

function outcomeOf(error: NodeJS.ErrnoException): ProbeOutcome {
  switch (error.code) {
    case "ECONNREFUSED":
      return "refused";
    case "ETIMEDOUT":
      return "timed-out";
    case "ECONNRESET":
    case "EPIPE":
      return "reset";
    default:
      return "unreachable";
  }
}
