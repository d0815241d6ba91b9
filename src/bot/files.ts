import { z } from "zod";
import { DrillbookError } from "../errors.ts";
import type { ArrivingActivity } from "./activity.ts";
import type { OfferedFile } from "./message.ts";
import { fileTexts } from "../texts/chat.ts";
import { arrivalRefusals } from "../texts/notices.ts";

/** Where a file's bytes are: `channel` needs the bot's own token, `share` is opened by its address alone, `inline` is the bytes. */
export type FileRef = { readonly at: "channel" | "share" | "inline"; readonly url: string };

/** Fetches a file's bytes. Throws `bad-input` when it is too large, `not-allowed` for an address on no list. */
export type FileSource = (ref: FileRef) => Promise<Uint8Array>;

const mostFiles = 5;
export const mostBytes = 5 * 1024 * 1024;

const shared = z.looseObject({ downloadUrl: z.string().min(1).max(4_096) });

/**
 * The files and pictures that came with a message. What Teams adds of its own, such as the message as HTML, is none. Throws
 * `bad-input` for too many of them.
 */
export function filesOf(activity: ArrivingActivity, source: FileSource): readonly OfferedFile[] {
  const refs = (activity.attachments ?? []).flatMap(({ contentType, contentUrl, name, content }) => {
    const ref = refOf(contentType, contentUrl ?? null, content);
    return ref === null ? [] : [{ name: fileName(name ?? ""), ref }];
  });
  if (refs.length > mostFiles) {
    throw new DrillbookError("bad-input", ...arrivalRefusals.tooManyFiles(mostFiles));
  }
  return refs.map(({ name, ref }) => ({ name, read: () => source(ref) }));
}

function refOf(contentType: string, contentUrl: string | null, content: unknown): FileRef | null {
  if (contentType === "application/vnd.microsoft.teams.file.download.info") {
    const parsed = shared.safeParse(content);
    return parsed.success ? { at: "share", url: parsed.data.downloadUrl } : null;
  }
  if (contentUrl?.startsWith("data:") === true) return { at: "inline", url: contentUrl };
  return contentType.startsWith("image/") && contentUrl !== null ? { at: "channel", url: contentUrl } : null;
}

/** A name to show and to offer for download: never a path, never invisible. */
function fileName(name: string): string {
  const bare = name.replaceAll(/[\p{C}/\\:*?"<>|]/gu, "").replaceAll(/^\.+|\s+$/gu, "").slice(-100);
  return bare === "" ? fileTexts.picture : bare;
}

/** What the bytes are, by what they hold and not by what they are called; null: nothing that is kept as evidence. */
export function mediaTypeOf(bytes: Uint8Array): string | null {
  const starts = (...head: readonly number[]): boolean => head.every((byte, i) => bytes[i] === byte);
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return "image/png";
  if (starts(0xff, 0xd8, 0xff)) return "image/jpeg";
  if (starts(0x47, 0x49, 0x46, 0x38)) return "image/gif";
  if (starts(0x25, 0x50, 0x44, 0x46, 0x2d)) return "application/pdf";
  return isText(bytes) ? "text/plain" : null;
}

/** Text in UTF-8 without control characters: logs, tables, and markup too, which is kept as text and only ever downloaded. */
function isText(bytes: Uint8Array): boolean {
  if (bytes.length === 0) return false;
  try {
    return !/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/u.test(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return false;
  }
}
