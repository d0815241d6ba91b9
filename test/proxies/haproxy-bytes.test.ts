import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { ask, patienceMs } from "./asking.ts";
import { decisions } from "./haproxy.ts";
import { captureForms } from "./haproxy-forms.ts";
import { haveAll } from "./proxies.ts";
import { serve } from "./servers.ts";

const file = (name: string) => new URL(`./captures/${name}.http`, import.meta.url);
const ready = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nREADY";

/** What HAProxy with these lines sends, by form. */
async function captured(): Promise<ReadonlyMap<string, string>> {
  const seen = new Map<string, string>();
  const { ports, close } = await serve(
    captureForms.map(({ name }) => ({ name, act: (_request, socket) => void socket.end(ready) })),
    (name, request) => seen.set(name, request),
  );
  try {
    await decisions(captureForms.map(({ name, lines }) => ({ name, lines, server: "", ports: new Map([[name, ports.get(name) ?? 0]]) })), patienceMs);
    return seen;
  } finally {
    await close();
  }
}

describe("HAProxy sends, and we send", function () {
  let theirs: ReadonlyMap<string, string>;

  before(async function () {
    if (!haveAll("haproxy")) return this.skip();
    theirs = await captured();
    if (process.env["DRILLBOOK_CAPTURE"] === "1") for (const [name, bytes] of theirs) writeFileSync(file(name), bytes, "latin1");
  });

  for (const { name, lines } of captureForms) {
    it(`the same bytes for ${name}`, async () => {
      const fixture = existsSync(file(name)) ? readFileSync(file(name), "latin1") : "";
      assert.equal(theirs.get(name), fixture, "what is installed sends what was captured");
      const seen: string[] = [];
      const { ports, close } = await serve([{ name, act: (_request, socket) => void socket.end(ready) }], (_name, request) => seen.push(request));
      try {
        await ask({ as: "haproxy", httpchk: lines.join("\n"), compare: [], targets: [`http://127.0.0.1:${ports.get(name)}/`] });
      } finally {
        await close();
      }
      assert.deepEqual(seen, [fixture]);
    });
  }

  it("the same bytes for the profile without lines, and with a host", async () => {
    const seen: string[] = [];
    const { ports, close } = await serve([{ name: "x", act: (_request, socket) => void socket.end(ready) }], (_name, request) => seen.push(request));
    const targets = [`http://127.0.0.1:${ports.get("x")}/`];
    try {
      await ask({ as: "haproxy", compare: [], targets });
      await ask({ as: "haproxy", compare: [], targets, host: "payroll.contoso.example", method: "GET", path: "/health" });
    } finally {
      await close();
    }
    assert.deepEqual(seen, [readFileSync(file("default"), "latin1"), readFileSync(file("send-get-1.1-host"), "latin1")]);
  });
});
