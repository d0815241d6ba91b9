import { createServer } from "node:http";
import type { IncomingMessage, Server as HttpServer, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Site } from "./estate.ts";

/** A test server's web service on a loopback port that only the simulator knows. */
export type WebServer = { readonly port: number; readonly close: () => Promise<void> };

/**
 * Serves sites by Host header alone, as IIS on HTTP.sys does with named bindings: a request that names no site, or none
 * that is bound, never reaches a site and gets the kernel's own 400.
 */
export async function startWebServer(sites: readonly Site[]): Promise<WebServer> {
  const server = createServer({ requireHostHeader: false }, (request, response) => answer(sites, request, response));
  server.on("clientError", (_error, socket) => {
    if (socket.writable) socket.end(kernelAnswer("Invalid Verb", "The request verb is invalid."));
    else socket.destroy();
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  return { port: portOf(server), close: () => closed(server) };
}

/** Ends a server and every connection to it. */
export function closed(server: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** The port a listening server was given. */
export function portOf(server: HttpServer): number {
  const address: AddressInfo | string | null = server.address();
  return address !== null && typeof address === "object" ? address.port : 0;
}

function answer(sites: readonly Site[], request: IncomingMessage, response: ServerResponse): void {
  const host = (request.headers.host ?? "").replace(/:\d*$/, "").toLowerCase();
  const site = sites.find((one) => one.host.toLowerCase() === host);
  if (site === undefined) {
    request.socket.end(kernelAnswer("Invalid Hostname", "The request hostname is invalid.", request.method === "HEAD"));
    return;
  }
  if (site.redirect !== undefined) {
    response.setHeader("Location", redirectFrom(site.redirect, request.url ?? "/"));
    reply(request, response, 302, "Document Moved", "Object Moved. This document may be found elsewhere.");
    return;
  }
  const found = request.url?.split("?")[0] === "/";
  const readable = request.method === "GET" || request.method === "HEAD";
  if (!readable) reply(request, response, 405, "Method Not Allowed", "405 - HTTP verb used to access this page is not allowed.");
  else if (found) reply(request, response, 200, site.title, site.text);
  else reply(request, response, 404, "404 - File or directory not found.", "The resource you are looking for might have been removed.");
}

/** The path that was asked for goes behind the target; a target without a scheme becomes a path of the same site. */
function redirectFrom(target: string, path: string): string {
  const whole = /^https?:\/\//i.test(target) || target.startsWith("/") ? target : `/${target}`;
  return `${whole.replace(/\/$/, "")}${path}`;
}

function reply(request: IncomingMessage, response: ServerResponse, status: number, title: string, text: string): void {
  const body = `<!DOCTYPE html>\r\n<html lang="en">\r\n<head><meta charset="utf-8"><title>${title}</title></head>\r\n<body><h1>${title}</h1><p>${text}</p></body>\r\n</html>\r\n`;
  response.sendDate = false;
  response.writeHead(status, [
    ["Content-Type", "text/html; charset=utf-8"],
    ["Server", "Microsoft-IIS/10.0"],
    ["X-Powered-By", "ASP.NET"],
    ["Date", new Date().toUTCString()],
    ["Content-Length", String(Buffer.byteLength(body))],
    ...(request.httpVersion === "1.0" ? [["Connection", "close"]] : []),
  ].flat());
  response.end(request.method === "HEAD" ? undefined : body);
}

/** What HTTP.sys answers by itself: always HTTP/1.1, whatever was asked, and the connection ends. */
function kernelAnswer(heading: string, sentence: string, headOnly = false): string {
  const body =
    `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN""http://www.w3.org/TR/html4/strict.dtd">\r\n` +
    `<HTML><HEAD><TITLE>Bad Request</TITLE>\r\n<META HTTP-EQUIV="Content-Type" Content="text/html; charset=us-ascii"></HEAD>\r\n` +
    `<BODY><h2>Bad Request - ${heading}</h2>\r\n<hr><p>HTTP Error 400. ${sentence}</p>\r\n</BODY></HTML>\r\n`;
  const head = [
    "HTTP/1.1 400 Bad Request",
    "Content-Type: text/html; charset=us-ascii",
    "Server: Microsoft-HTTPAPI/2.0",
    `Date: ${new Date().toUTCString()}`,
    "Connection: close",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${head.join("\r\n")}\r\n\r\n${headOnly ? "" : body}`;
}
