import { fork, spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../test/free-port.ts";
import { startNginx } from "../test/proxies/nginx.ts";
import { cost } from "./figure.ts";
import type { Bench } from "./figure.ts";
import type { Probed } from "./http-check-probes.ts";
import { memoryOf } from "./memory.ts";

const hosts = 200;
const concurrency = 100;

/**
 * Probes of virtual hosts on a real nginx, against prometheus-blackbox-exporter doing the same: GET by name, status 200 and
 * text in the body. The floor of each figure is the exporter's, so that 1 means alike. Both are processes of their own, started
 * for this and idle until then; growth is from then to the peak. The exporter's time holds the requests that ask it.
 */
export const httpCheckProbes: Bench = {
  name: "http-check",
  run: async (effort) => {
    const missing = ["nginx", "prometheus-blackbox-exporter"].filter((program) => spawnSync(program, ["--version"]).error !== undefined);
    if (missing.length > 0) {
      console.error(`Without ${missing.join(" and ")}, which is not installed: apt-get install nginx-light prometheus-blackbox-exporter`);
      return [];
    }
    const probes = effort === "quick" ? 200 : 1000;
    const port = await freePort();
    const sites = Array.from({ length: hosts }, (_, n) => `  server { listen 127.0.0.1:${port}; server_name site-${n}.bench.example; return 200 "READY ${n}"; }`);
    const nginx = await startNginx(`  keepalive_timeout 5s;\n  server { listen 127.0.0.1:${port} default_server; return 400; }\n${sites.join("\n")}`, port);
    try {
      const rounds: { readonly ours: Probed; readonly theirs: Probed }[] = [];
      for (let n = 0; n < (effort === "quick" ? 1 : 5); n += 1) rounds.push({ ours: await ourRound(port, probes), theirs: await theirRound(port, probes) });
      const middle = (of: (round: (typeof rounds)[number]) => number) => rounds.map(of).toSorted((a, b) => a - b)[Math.floor(rounds.length / 2)] ?? Number.NaN;
      const wrong = rounds.find(({ ours, theirs }) => ours.up !== probes || theirs.up !== probes);
      if (wrong) throw new Error(`Of ${probes} probes ${wrong.ours.up} of ours and ${wrong.theirs.up} of theirs found the site up.`);
      const growth = (one: Probed) => Math.max(0, one.peakBytes - one.idleBytes) / 1_048_576;
      return [
        cost(`${probes} probes of ${hosts} virtual hosts, ${concurrency} at once`, "ms", middle(({ ours }) => ours.ms), middle(({ theirs }) => theirs.ms), 1),
        cost("memory they cost above idle", "MiB", middle(({ ours }) => growth(ours)), middle(({ theirs }) => growth(theirs)), 1),
      ];
    } finally {
      await nginx.stop();
    }
  },
};

async function ourRound(port: number, probes: number): Promise<Probed> {
  const child = fork(new URL("http-check-probes.ts", import.meta.url), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  try {
    await message(child);
    child.send({ port, hosts, probes, concurrency });
    return (await message(child)) as Probed;
  } finally {
    child.kill("SIGKILL");
  }
}

function message(child: ChildProcess): Promise<unknown> {
  return new Promise((settle, reject) => {
    child.once("message", settle);
    child.once("exit", (code) => reject(new Error(`The process of probes ended with ${code}.`)));
  });
}

async function theirRound(nginxPort: number, probes: number): Promise<Probed> {
  const folder = mkdtempSync(join(tmpdir(), "drillbook-blackbox-"));
  const config = join(folder, "blackbox.yml");
  writeFileSync(config, 'modules:\n  site:\n    prober: http\n    timeout: 5s\n    http:\n      preferred_ip_protocol: ip4\n      follow_redirects: false\n      valid_status_codes: [200]\n      fail_if_body_not_matches_regexp: ["READY"]\n');
  const port = await freePort();
  const child = spawn("prometheus-blackbox-exporter", [`--config.file=${config}`, `--web.listen-address=127.0.0.1:${port}`, "--log.level=error"], { stdio: "ignore" });
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  try {
    for (let n = 0; n < 100 && !(await fetched(agent, port, "/-/healthy").catch(() => "")).includes("Healthy"); n += 1) await new Promise((settle) => setTimeout(settle, 50));
    const { now } = memoryOf(child.pid ?? 0);
    const began = performance.now();
    const up = await ask(agent, port, nginxPort, probes);
    return { ms: performance.now() - began, up, idleBytes: now, peakBytes: memoryOf(child.pid ?? 0).peak };
  } finally {
    agent.destroy();
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ask(agent: Agent, port: number, nginxPort: number, probes: number): Promise<number> {
  let next = 0;
  let up = 0;
  await Promise.all(Array.from({ length: concurrency }, async () => {
    while (next < probes) {
      const host = `site-${(next += 1) % hosts}.bench.example`;
      const said = await fetched(agent, port, `/probe?module=site&target=http://127.0.0.1:${nginxPort}/&hostname=${host}`);
      if (/^probe_success 1$/m.test(said)) up += 1;
    }
  }));
  return up;
}

function fetched(agent: Agent, port: number, path: string): Promise<string> {
  return new Promise((settle, reject) => {
    get({ host: "127.0.0.1", port, path, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => settle(Buffer.concat(chunks).toString("latin1")));
      response.on("error", reject);
    }).on("error", reject);
  });
}
