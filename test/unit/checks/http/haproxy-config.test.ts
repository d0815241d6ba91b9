import assert from "node:assert/strict";
import { haproxyForm } from "../../../../src/checks/http/haproxy-config.ts";

const problem = (text: string) => {
  const read = haproxyForm(text);
  return "problem" in read ? read.problem : "";
};
const form = (text: string) => {
  const read = haproxyForm(text);
  assert.ok("form" in read, problem(text));
  return read.form;
};

describe("HAProxy's own lines", () => {
  it("mean OPTIONS with HTTP/1.0 and nothing else by default", () => {
    const { method, version, path, headers, host, up } = form("option httpchk");
    assert.deepEqual({ method, version, path, headers, host, up }, { method: "OPTIONS", version: "1.0", path: "/", headers: [], host: "none", up: null });
  });

  it("are read with quotes, escapes, comments and blank lines", () => {
    const { headers, fixedHost } = form('# the farm\n\n  option httpchk GET /up HTTP/1.1 # old\n\thttp-check send hdr Host\\ a hdr X "a \\"b\\" c" hdr Y \'d\\e\'\n'.replace("Host\\ a", "Host a"));
    assert.deepEqual(headers, [["host", "a"], ["x", 'a "b" c'], ["y", "d\\e"], ["connection", "close"]]);
    assert.equal(fixedHost, "a");
  });

  it("turn a pattern over the status into codes, and a negation into the rest", () => {
    assert.deepEqual(form("option httpchk\nhttp-check expect rstatus ^20[01]$").up, [[200, 200], [201, 201]]);
    assert.deepEqual(form("option httpchk\nhttp-check expect ! status 300-599").up, [[0, 299], [600, 999_999_999]]);
  });

  for (const [text, why] of [
    ["", /at least `option httpchk`/],
    ["option tcp-check", /`option tcp-check` is not read here/],
    ["option httpchk A B C D", /a method, a URI and a version/],
    ["option httpchk DELETE /", /A check only reads: DELETE/],
    ["option httpchk GET / HTTP/2.0", /HTTP\/1\.0 or HTTP\/1\.1/],
    ["option httpchk GET '/a b'", /without spaces/],
    ["option httpchk\nhttp-check send meth", /meth has no value/],
    ["option httpchk\nhttp-check send body-lf x", /`body-lf` is not read here/],
    ["option httpchk\nhttp-check send hdr 'a b' c", /cannot be sent/],
    ["option httpchk\nhttp-check send hdr Host %[src]", /Log-format expressions/],
    ["option httpchk\nhttp-check expect hdr name x", /expect hdr: write one value/],
    ["option httpchk\nhttp-check expect status 2xx", /200-399,401/],
    ["option httpchk\nhttp-check expect rstring (?=a)", /linear time/],
    ["option httpchk\nhttp-check expect status 200\nhttp-check expect string x", /Only one http-check expect/],
    ["option httpchk\nhttp-check connect port 81", /is not read here/],
    ["option httpchk 'GET /", /quote is not closed/],
  ] as const) {
    it(`are refused where half of them would be guessed: ${text.split("\n").at(-1)}`, () => assert.match(problem(text), why));
  }
});
