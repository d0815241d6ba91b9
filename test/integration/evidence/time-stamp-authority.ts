import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** A time-stamping authority of one's own: `openssl ts` behind HTTP. `answer` may put something else in its reply's place. */
export async function timeStampAuthority(folder: string, answer: (reply: Buffer) => Buffer = (reply) => reply) {
  const at = (name: string): string => join(folder, name);
  writeFileSync(at("ts.cnf"), `
[req]
distinguished_name = dn
[dn]
[tsa_ext]
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = one
[one]
serial = ${at("serial")}
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
`);
  writeFileSync(at("serial"), "01\n");
  const openssl = (...args: readonly string[]): void => void execFileSync("openssl", [...args], { stdio: "pipe" });
  openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", at("tsa.key"), "-out", at("tsa.pem"), "-subj", "/CN=Test time", "-days", "2", "-config", at("ts.cnf"), "-extensions", "tsa_ext");
  let n = 0;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part)).on("end", () => {
      n += 1;
      writeFileSync(at(`${n}.tsq`), Buffer.concat(parts));
      openssl("ts", "-reply", "-queryfile", at(`${n}.tsq`), "-signer", at("tsa.pem"), "-inkey", at("tsa.key"), "-out", at(`${n}.tsr`), "-config", at("ts.cnf"));
      response.writeHead(200, { "content-type": "application/timestamp-reply" });
      response.end(answer(readFileSync(at(`${n}.tsr`))));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    certificate: at("tsa.pem"),
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}
