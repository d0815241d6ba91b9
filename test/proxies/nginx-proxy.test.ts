import assert from "node:assert/strict";
import { connect } from "node:net";
import { freePort } from "../free-port.ts";
import { ask, patienceMs, predictions } from "./asking.ts";
import { behaviours } from "./behaviours.ts";
import { startNginx } from "./nginx.ts";
import type { Nginx } from "./nginx.ts";
import { haveAll } from "./proxies.ts";
import { serve } from "./servers.ts";

const name = "payroll.contoso.example";
/** Long heads depend on proxy_buffer_size, and bodies that break off come after the decision. */
const chosen = behaviours.filter((one) => !/^headers-|^header-nul|^header-carriage/.test(one.name));

const forms = [
  { name: "default", as: "nginx-1.0", extra: "", host: undefined },
  { name: "1.1", as: "nginx-1.1", extra: "proxy_http_version 1.1; proxy_set_header Host $host;", host: name },
  { name: "5xx", as: "nginx-5xx", extra: "proxy_http_version 1.1; proxy_set_header Host $host; proxy_next_upstream error timeout http_500 http_502 http_503 http_504;", host: name },
] as const;

describe("nginx passes a request on, and we predict whether it gives the server up", function () {
  let started: Awaited<ReturnType<typeof serve>>;
  let nginx: Nginx;
  let port: number;
  const asked = new Map<string, string>();

  before(async function () {
    if (!haveAll("nginx")) return this.skip();
    const second = { name: "second", act: (_r: unknown, socket: { end: (text: string) => void }) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nSECOND") };
    started = await serve([...chosen, second], (label, request) => asked.set(label, request));
    port = await freePort();
    const other = started.ports.get("second");
    const groups = chosen.map(({ name: label }) => `  upstream ${label} { server 127.0.0.1:${started.ports.get(label)} max_fails=1 fail_timeout=1s; server 127.0.0.1:${other} backup; }`);
    const places = forms.flatMap((form) => chosen.map(({ name: label }) => `    location = /${form.name}/${label} { ${form.extra} proxy_pass http://${label}/; proxy_connect_timeout ${patienceMs}ms; proxy_read_timeout ${patienceMs}ms; }`));
    nginx = await startNginx(`  log_format up '$uri $upstream_addr';\n  access_log {folder}/logs/access.log up;\n${groups.join("\n")}\n  server {\n    listen 127.0.0.1:${port};\n    proxy_buffer_size 32k; proxy_buffers 8 32k;\n${places.join("\n")}\n  }`, port);
  });
  after(async () => {
    await nginx?.stop();
    await started?.close();
  });

  for (const form of forms) {
    it(form.name, async () => {
      // One after the other, with time to forgive: a server that was given up is not asked again for fail_timeout.
      if (form !== forms[0]) await new Promise((settle) => setTimeout(settle, 2500));
      await Promise.all(chosen.map(({ name: label }) => request(port, `/${form.name}/${label}`)));
      const tried = new Map(nginx.log().trim().split("\n").map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]));
      const ours = await predictions(new Map(chosen.map(({ name: label }) => [label, started.ports.get(label) ?? 0])), { as: form.as, ...(form.host === undefined ? {} : { host: form.host }) });
      const wrong = chosen.flatMap(({ name: label }) => {
        const addresses = tried.get(`/${form.name}/${label}`) ?? "";
        const up = !addresses.includes(",");
        const row = ours.get(label);
        return addresses !== "" && up === (row?.verdict === "up") ? [] : [`${label}: nginx tried ${addresses || "nothing"}, we say ${row?.verdict} (${row?.reason})`];
      });
      assert.deepEqual(wrong, []);
    });
  }

  it("sends what the profile sends, before the person's own headers", async () => {
    for (const [form, group, expected] of [
      ["default", "status-200", "GET / HTTP/1.0\r\nHost: status-200\r\nConnection: close\r\n\r\n"],
      ["1.1", "status-200", `GET / HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`],
    ] as const) {
      await request(port, `/${form}/${group}`);
      assert.equal(asked.get(group), expected);
    }
    await ask({ as: "nginx-1.1", compare: [], host: name, targets: [`http://127.0.0.1:${started.ports.get("status-200")}/`] });
    assert.equal(asked.get("status-200"), `GET / HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`);
  });
});

/** The least that a person's browser could send, so that what reaches the server is nginx's own. */
function request(port: number, path: string): Promise<string> {
  return new Promise((settle) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(`GET ${path} HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`));
    socket.on("data", (chunk) => (text += chunk.toString("latin1")));
    socket.on("close", () => settle(text));
    socket.on("error", () => undefined);
  });
}
