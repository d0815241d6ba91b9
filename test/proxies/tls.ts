import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import type { TlsOptions } from "node:tls";

export type Pem = { readonly key: string; readonly cert: string };

/** A self-signed certificate for these names; negative days give one that has ended. */
export function certificate(names: readonly string[], days: number, bits = 2048): Pem {
  const folder = mkdtempSync(join(tmpdir(), "drillbook-tls-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  try {
    const until = new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:]|\.\d+|T/g, "");
    const from = new Date(Date.now() - 30 * 86_400_000).toISOString().replace(/[-:]|\.\d+|T/g, "");
    const config = join(folder, "ca.cnf");
    spawnSync("sh", ["-c", `printf '[ca]\\ndefault_ca=d\\n[d]\\ndatabase=${folder}/index\\nserial=${folder}/serial\\nnew_certs_dir=${folder}\\ndefault_md=sha256\\npolicy=p\\nx509_extensions=e\\n[p]\\ncommonName=supplied\\n[e]\\nsubjectAltName=${names.map((n) => `DNS:${n}`).join(",")}\\n' > ${config}; : > ${folder}/index; echo 01 > ${folder}/serial`]);
    spawnSync("openssl", ["req", "-new", "-newkey", `rsa:${bits}`, "-nodes", "-subj", `/CN=${names[0]}`, "-keyout", key, "-out", join(folder, "csr.pem")]);
    const made = spawnSync("openssl", ["ca", "-batch", "-selfsign", "-config", config, "-keyfile", key, "-in", join(folder, "csr.pem"), "-out", cert, "-notext", "-startdate", from, "-enddate", until]);
    if (made.status !== 0) throw new Error(made.stderr.toString());
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export type Started = { readonly port: number; readonly close: () => Promise<void> };

/** A TLS server that answers every request alike. */
export function tlsServer(pem: Pem, reply: string, options: TlsOptions = {}, needsName: string | null = null): Promise<Started> {
  const names: TlsOptions = needsName === null ? {} : { SNICallback: (name, done) => (name === needsName ? done(null) : done(new Error("unknown name"))) };
  const server = createServer({ ...pem, ...options, ...names }, (socket) => {
    if (needsName !== null && socket.servername !== needsName) return void socket.destroy();
    socket.on("error", () => undefined);
    socket.once("data", () => socket.end(reply));
  });
  server.on("tlsClientError", () => undefined);
  return listening(server);
}

export function tcpServer(act: (socket: Socket) => void): Promise<Started> {
  return listening(createTcpServer((socket) => {
    socket.on("error", () => undefined);
    act(socket);
  }));
}

function listening(server: Server): Promise<Started> {
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  return new Promise((settle) => server.listen(0, "127.0.0.1", () => settle({
    port: (server.address() as AddressInfo).port,
    close: () => new Promise<void>((closed) => {
      for (const socket of open) socket.destroy();
      server.close(() => closed());
    }),
  })));
}
