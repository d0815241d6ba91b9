import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, connect as connectTcp } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import type { Connect } from "../../../src/checks/http/probe.ts";
import type { ScriptRunner } from "../../../src/checks/ports.ts";

export type Seen = { readonly text: string };

/** A server that answers raw text with raw text, and keeps what it was sent. `reply` null: it never answers. */
export type RawServer = { readonly port: number; readonly seen: Seen[]; readonly close: () => Promise<void> };

export function rawServer(reply: (request: string, socket: Socket) => string | null): Promise<RawServer> {
  return listening((handler) => createServer(handler), reply);
}

/** Like HTTP.sys with a site bound to each name on one address and port: any other Host, or none, is an invalid hostname. */
export function hostBound(names: readonly string[], page: (host: string) => string): Promise<RawServer> {
  return rawServer((request) => {
    const host = /\r\nHost: ([^\r\n:]+)/i.exec(request)?.[1]?.toLowerCase() ?? "";
    const head = request.startsWith("HEAD ");
    const known = names.includes(host);
    const body = known ? page(host) : "<h2>Bad Request - Invalid Hostname</h2>";
    const lines = known ? ["HTTP/1.1 200 OK", "Server: Microsoft-IIS/10.0"] : ["HTTP/1.1 400 Bad Request", "Server: Microsoft-HTTPAPI/2.0", "Connection: close"];
    return `${[...lines, `Content-Length: ${body.length}`].join("\r\n")}\r\n\r\n${head ? "" : body}`;
  });
}

/** A TLS server; `needsName` makes it refuse the handshake without the server name, as an IIS binding that requires SNI. */
export function tlsServer(pem: { readonly key: string; readonly cert: string }, needsName: string | null, reply: (request: string) => string | null): Promise<RawServer> {
  const options = needsName === null ? pem : { SNICallback: (name: string, done: (fault: Error | null) => void) => done(name === needsName ? null : new Error("unknown name")) };
  return listening((handler) => {
    const server = createTlsServer({ ...pem, ...options }, (socket) => (needsName !== null && socket.servername !== needsName ? socket.destroy() : handler(socket)));
    server.on("tlsClientError", () => {});
    return server;
  }, reply);
}

/** A self-signed certificate by openssl; null when it is not installed. */
export function selfSigned(name: string): { readonly key: string; readonly cert: string } | null {
  const folder = mkdtempSync(join(tmpdir(), "drillbook-cert-"));
  try {
    const made = spawnSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", `/CN=${name}`, "-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")]);
    return made.status === 0 ? { key: readFileSync(join(folder, "key.pem"), "utf8"), cert: readFileSync(join(folder, "cert.pem"), "utf8") } : null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A certificate signed by an authority that nobody knows, with the authority's own behind it; null without openssl. */
export function signedBySomebody(name: string): { readonly key: string; readonly cert: string } | null {
  const folder = mkdtempSync(join(tmpdir(), "drillbook-chain-"));
  const at = (file: string) => join(folder, file);
  const run = (args: readonly string[]) => spawnSync("openssl", args).status === 0;
  const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  try {
    writeFileSync(at("names"), `subjectAltName=DNS:${name},DNS:*.${name}`);
    const made =
      run(["req", "-x509", ...ec, "-days", "9", "-subj", "/C=AT/O=Surveyor Lab/CN=Lab Authority", "-keyout", at("ca.key"), "-out", at("ca.pem")]) &&
      run(["req", ...ec, "-subj", `/O=Contoso/CN=${name}`, "-keyout", at("key.pem"), "-out", at("request.pem")]) &&
      run(["x509", "-req", "-in", at("request.pem"), "-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial", "-days", "5", "-extfile", at("names"), "-out", at("cert.pem")]);
    return made ? { key: readFileSync(at("key.pem"), "utf8"), cert: readFileSync(at("cert.pem"), "utf8") + readFileSync(at("ca.pem"), "utf8") } : null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a shipped script as a Linux server's agent does: text to a shell, parameters as environment variables. */
export const shell: ScriptRunner = {
  run: (_server, given) =>
    new Promise((settle) => {
      const child = spawn("sh", ["-s"], { env: { PATH: process.env["PATH"], http_proxy: "http://127.0.0.1:1", ...given.parameters } });
      let output = "";
      let error = "";
      child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (error += chunk.toString()));
      // The agent keeps the last 4 KB of each.
      child.on("close", (code) => settle({ exitCode: code ?? -1, output: output.slice(-4096), error: error.slice(-4096) }));
      child.stdin.end(given.text);
    }),
};

/** Says its piece to whoever connects, as SSH or SMTP do, and ends. */
export function greeter(text: string): Promise<RawServer> {
  return listening((handler) => createServer((socket) => { handler(socket); socket.end(text, "latin1"); }), () => null);
}

/** A port on loopback that nothing listens on, nor can: it is the near end of a connection, where a port set free could be anybody's a moment later. */
export async function closedPort(): Promise<number> {
  const server = createServer((socket) => void socket.unref()).listen(0, "127.0.0.1").unref();
  await once(server, "listening");
  const held = connectTcp((server.address() as AddressInfo).port, "127.0.0.1").unref();
  await once(held, "connect");
  return held.localPort ?? assert.fail("the connection has no port");
}

/** The way from the addresses of a test network to servers on loopback, which the guard would rightly refuse by itself. */
export function network(routes: Readonly<Record<string, number>>): { readonly connect: Connect; readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    connect: (address, port) => {
      asked.push(`${address}:${port}`);
      return connectTcp({ host: "127.0.0.1", port: routes[`${address}:${port}`] ?? routes[address] ?? 1 });
    },
  };
}

function listening(make: (handler: (socket: Socket) => void) => Server, reply: (request: string, socket: Socket) => string | null): Promise<RawServer> {
  const seen: Seen[] = [];
  const open = new Set<Socket>();
  const server = make((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => {});
    let text = "";
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      if (!text.includes("\r\n\r\n")) return;
      seen.push({ text });
      const answer = reply(text, socket);
      text = "";
      if (answer === null) return;
      socket.write(answer, "latin1");
      if (/\r\nConnection: close\r\n/i.test(answer)) socket.end();
    });
  });
  return new Promise((settle) => {
    server.listen(0, "127.0.0.1", () => {
      settle({
        port: (server.address() as AddressInfo).port,
        seen,
        close: () => new Promise<void>((closed) => {
          for (const socket of open) socket.destroy();
          server.close(() => closed());
        }),
      });
    });
  });
}
