import assert from "node:assert/strict";
import { header, isComplete, parseResponse } from "../../../../src/checks/http/response.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");

describe("response: a tolerant reader", () => {
  it("reads status, reason, headers and body", () => {
    const read = parseResponse(bytes("HTTP/1.1 400 Bad Request\r\nServer:  Microsoft-HTTPAPI/2.0 \r\nX-Long: a\r\n  b\r\n\r\n<h2>Invalid Hostname</h2>"));
    assert.equal(read?.status, 400);
    assert.equal(read?.reason, "Bad Request");
    assert.equal(read && header(read, "server"), "Microsoft-HTTPAPI/2.0");
    assert.equal(read && header(read, "x-long"), "a b");
    assert.equal(read?.body, "<h2>Invalid Hostname</h2>");
  });

  it("reads bare line feeds, a missing reason, and a head that was cut", () => {
    assert.equal(parseResponse(bytes("HTTP/1.0 200\nA: b\n\nok"))?.body, "ok");
    assert.equal(parseResponse(bytes("HTTP/1.1 200 OK\r\nServer: x\r\nCont"))?.status, 200);
    assert.equal(parseResponse(bytes("HTTP/2 200 \r\n\r\n"))?.status, 200);
  });

  it("takes for HTTP only what is", () => {
    for (const text of ["", "ICY 200 OK\r\n\r\n", "HTTP/1.1 200 OK", "HTTP/1.1 OK 200\r\n\r\n", "\x15\x03\x01", "<html>", " HTTP/1.1 200 OK\r\n\r\n"]) assert.equal(parseResponse(bytes(text)), null, text);
  });

  it("joins chunks, and stops at what is none", () => {
    const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert.equal(parseResponse(bytes(`${chunked}5;x=y\r\nhello\r\n6\r\n world\r\n0\r\n\r\n`))?.body, "hello world");
    assert.equal(parseResponse(bytes(`${chunked}5\r\nhel`))?.body, "hel");
    assert.equal(parseResponse(bytes(`${chunked}zz\r\nhello`))?.body, "");
  });

  it("knows when a message is whole", () => {
    const whole = (text: string, toHead = false) => isComplete(bytes(text), toHead);
    assert.ok(whole("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    assert.ok(!whole("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok"));
    assert.ok(whole("HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n", true));
    assert.ok(whole("HTTP/1.1 304 Not Modified\r\n\r\n"));
    assert.ok(!whole("HTTP/1.1 200 OK\r\n\r\nok"), "ends with the connection");
    assert.ok(!whole("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"));
    assert.ok(whole("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"));
    assert.ok(!whole("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n"));
  });
});
