import assert from "node:assert/strict";
import { portAllowed, refusal } from "../../../../src/checks/http/guard.ts";
import { parseTarget } from "../../../../src/checks/http/target.ts";

/** Spellings of addresses that the bot must never ask, private networks allowed or not. */
const forbidden = [
  "http://127.0.0.1/",
  "http://localhost./",
  "http://127.1/",
  "http://0/",
  "http://0.0.0.0/",
  "http://2130706433/",
  "http://0x7f000001/",
  "http://0177.0.0.1/",
  "http://017700000001/",
  "http://[::1]/",
  "http://[::]/",
  "http://[::ffff:127.0.0.1]/",
  "http://[::ffff:7f00:1]/",
  "http://[::127.0.0.1]/",
  "http://169.254.169.254/",
  "http://2852039166/",
  "http://0xA9FEA9FE/",
  "http://0xa9.0xfe.0xa9.0xfe/",
  "http://0251.0376.0251.0376/",
  "http://0251.254.43518/",
  "http://169.254.43518/",
  "http://169。254。169。254/",
  "http://169.254.169.254/",
  "http://①⑥⑨.254.169.254/",
  "http://%31%36%39.254.169.254/",
  "http://[::ffff:169.254.169.254]/",
  "http://[::ffff:a9fe:a9fe]/",
  "http://[::169.254.169.254]/",
  "http://[64:ff9b::169.254.169.254]/",
  "http://[2002:a9fe:a9fe::1]/",
  "http://[fe80::1]/",
  "http://[fd00:ec2::254]/",
  "http://[ff02::1]/",
  "http://168.63.129.16/",
  "http://[::ffff:168.63.129.16]/",
  "http://2822734096/",
  "http://100.100.100.200/",
  "http://192.0.0.192/",
  "http://198.18.0.1/",
  "http://224.0.0.1/",
  "http://255.255.255.255/",
];

describe("guard: what the bot must not ask", () => {
  for (const url of forbidden) {
    it(`refuses ${url}, private ranges allowed or not`, () => {
      const target = parseTarget(url);
      assert.ok(!("problem" in target));
      assert.notEqual(refusal(target.address, { allowPrivate: true }), null, target.address);
      assert.notEqual(refusal(target.address, { allowPrivate: false }), null);
    });
  }

  for (const address of ["10.50.0.11", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fd12::1", "::ffff:10.0.0.1"]) {
    it(`asks ${address} only where private ranges are allowed`, () => {
      assert.equal(refusal(address, { allowPrivate: false }), "in a private range");
      assert.equal(refusal(address, { allowPrivate: true }), null);
    });
  }

  for (const address of ["93.184.216.34", "172.32.0.1", "11.0.0.1", "192.0.1.1", "2606:2800:220:1::1", "::ffff:93.184.216.34"]) {
    it(`asks ${address}`, () => assert.equal(refusal(address, { allowPrivate: false }), null));
  }

  it("takes nothing for an address that is none", () => {
    for (const text of ["payroll.contoso.example", "", "10.0.0", "fe80::1%eth0", "10.0.0.1 "]) assert.equal(refusal(text, { allowPrivate: true }), "not an address");
  });

  it("keeps to web ports", () => {
    assert.deepEqual([80, 443, 1024, 8080, 65535].map((port) => portAllowed(port)), [true, true, true, true, true]);
    assert.deepEqual([22, 25, 389, 445, 1023].map((port) => portAllowed(port)), [false, false, false, false, false]);
  });
});

describe("target: what is a URL to ask", () => {
  for (const [url, problem] of [
    ["ftp://10.50.0.11/", /Only http and https/],
    ["file:///etc/passwd", /Only http and https/],
    ["http://user:pw@10.50.0.11/", /user name and password/],
    ["http://10.50.0.11@169.254.169.254/", /user name and password/],
    ["http://10.50.0.11/#x", /fragment/],
    ["10.50.0.11", /whole URL/],
    ["http://999.1.1.1/", /whole URL/],
    [`http://10.50.0.11/${"x".repeat(2000)}`, /whole URL/],
  ] as const) {
    it(`refuses ${url.slice(0, 60)}`, () => {
      const target = parseTarget(url);
      assert.ok("problem" in target);
      assert.match(target.problem, problem);
    });
  }

  it("names a target by address, with the port only when it is not the scheme's own", () => {
    const names = ["http://10.50.0.11/", "https://10.50.0.11:443/x?y=1", "http://10.50.0.11:8080/", "http://[fd12::1]:81/"].map((url) => {
      const target = parseTarget(url);
      return "problem" in target ? target.problem : [target.name, target.address, target.port, target.path];
    });
    assert.deepEqual(names, [
      ["10.50.0.11", "10.50.0.11", 80, "/"],
      ["10.50.0.11", "10.50.0.11", 443, "/x?y=1"],
      ["10.50.0.11:8080", "10.50.0.11", 8080, "/"],
      ["[fd12::1]:81", "fd12::1", 81, "/"],
    ]);
  });

  it("cannot be made to break out of the request line", () => {
    const target = parseTarget("http://10.50.0.11/a b\r\nHost: evil\t?q=\u0000ü");
    assert.ok(!("problem" in target));
    assert.doesNotMatch(target.path, /[^!-~]/);
  });
});
