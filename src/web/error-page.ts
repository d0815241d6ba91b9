import { randomBytes } from "node:crypto";
import { DrillbookError } from "../errors.ts";
import type { Log } from "../telemetry.ts";
import { html as markup } from "../evidence/report/markup.ts";
import { html, json } from "./reply.ts";
import type { WebReply } from "./reply.ts";

const knownErrors: Readonly<Record<number, string>> = {
  400: "The request could not be read.",
  404: "There is nothing here.",
  405: "That cannot be done here.",
  413: "The request is too large.",
  415: "The request is of a kind that is not taken.",
};

/**
 * What anybody outside is told of an error: of `not-found` its message, which the page shows as text; of any other neither its
 * text, which may quote a payload, nor a stack.
 */
export function errorReply(error: unknown, accept: string, log: Log): WebReply {
  const { status, text } = toldOutside(error, log);
  return accept.includes("text/html") ? html(status, errorPage(text)) : json(status, { error: text });
}

function toldOutside(error: unknown, log: Log): { status: number; text: string } {
  if (error instanceof DrillbookError && error.code === "not-found") return { status: 404, text: error.message };
  const status = typeof error === "object" && error !== null && "statusCode" in error ? error.statusCode : null;
  const known = typeof status === "number" ? knownErrors[status] : undefined;
  if (typeof status === "number" && known) return { status, text: known };
  const reference = randomBytes(4).toString("hex");
  log.error({ reference, err: error }, "a request failed");
  return { status: 500, text: `Something went wrong here. Reference ${reference}` };
}

function errorPage(text: string): string {
  return markup`<!doctype html><html lang="en"><meta charset="utf-8"><title>Drillbook</title><h1>Drillbook</h1><p>${text}</p></html>`.html;
}
