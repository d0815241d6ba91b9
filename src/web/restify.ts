import { ServerResponse } from "node:http";
import restify from "restify";

/**
 * restify puts a `writeHead` of its own on every response of the process, also of servers that are not restify's, and it
 * returns nothing. Node's returns the response, and code that chains `.end()` on it would throw.
 */
const ofRestify = ServerResponse.prototype.writeHead as (...args: unknown[]) => unknown;

ServerResponse.prototype.writeHead = function chainableWriteHead(this: ServerResponse, ...args: unknown[]): ServerResponse {
  ofRestify.apply(this, args);
  return this;
};

export { restify };
