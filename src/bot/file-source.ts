import { DrillbookError } from "../errors.ts";
import type { Door } from "./door/door.ts";
import { mostBytes, type FileRef, type FileSource } from "./files.ts";
import { arrivalRefusals as t } from "../texts/notices.ts";

/** Signs a request as the bot does when it answers; gives the Authorization header, null when nothing is signed here. */
export type Sign = () => Promise<string | null>;

/**
 * Fetches what people attach: one GET, no redirect, within `deadlineMs` and the size limit. Every address is checked here,
 * because it stands in a message that anybody in the chat could shape; the bot's token goes to the channel alone.
 */
export function createFileSource(door: Pick<Door, "mayReach" | "mayFetchFrom" | "outboundHeaders">, sign: Sign, deadlineMs: number): FileSource {
  async function headersFor(ref: FileRef): Promise<Record<string, string>> {
    if (ref.at === "share") return {};
    const authorization = await sign();
    return { ...door.outboundHeaders(ref.url), ...(authorization === null ? {} : { authorization }) };
  }

  return async (ref) => {
    if (ref.at === "inline") return inline(door, ref.url);
    if (!(ref.at === "channel" ? door.mayReach(ref.url) : door.mayFetchFrom(ref.url))) throw notOurs();
    let response: Response;
    try {
      response = await fetch(ref.url, { headers: await headersFor(ref), redirect: "manual", signal: AbortSignal.timeout(deadlineMs) });
      if (response.status === 200) return await bounded(response);
    } catch (cause) {
      if (cause instanceof DrillbookError) throw cause;
      throw new DrillbookError("not-now", ...t.fileNotFetched, { cause });
    }
    await response.body?.cancel();
    throw new DrillbookError("not-now", ...t.filePlaceAnswered(response.status));
  };
}

async function bounded(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > mostBytes) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Only a page of our own sends the bytes themselves. */
function inline(door: Pick<Door, "mayFetchFrom">, url: string): Uint8Array {
  const comma = url.indexOf(",");
  if (!door.mayFetchFrom("data:,") || !url.slice(0, comma).endsWith(";base64")) throw notOurs();
  const bytes = Buffer.from(url.slice(comma + 1), "base64");
  if (bytes.length > mostBytes) throw tooLarge();
  return bytes;
}

function tooLarge(): DrillbookError {
  return new DrillbookError("bad-input", ...t.fileTooLarge(mostBytes / 1024 / 1024));
}

function notOurs(): DrillbookError {
  return new DrillbookError("not-allowed", ...t.fileElsewhere);
}
