import { dataAddress, shownPicture } from "../picture.ts";
import type { FileRecord } from "../transcript/records.ts";
import type { Transcript } from "../transcript/transcript.ts";
import { html, type Html } from "./markup.ts";
import { instant, section, short, table } from "./pieces.ts";

/** The addresses that carry the pictures of a drill, by the SHA-256 of the file as it was kept. */
export type Pictures = ReadonlyMap<string, string>;

/** A page with more pictures than this is not read; the files themselves are in the bundle. */
const mostPictures = 24;
const mostBytes = 120_000;

/** The screens that Drillbook kept, as a page can carry them. `read` gives a file's bytes, or null when it is gone. What people attached is not opened here. */
export async function picturesOf(files: readonly FileRecord[], read: (sha256: string) => Promise<Uint8Array | null>): Promise<Pictures> {
  const pictures = new Map<string, string>();
  for (const { sha256 } of files.filter(isScreen).slice(0, mostPictures)) {
    const bytes = await read(sha256);
    const picture = bytes && shownPicture(bytes, mostBytes);
    if (picture !== null) pictures.set(sha256, dataAddress(picture));
  }
  return pictures;
}

/** What was attached and kept, with the screens that people judged. `link` says where a file can be had. */
export function filesSection(t: Transcript, pictures: Pictures, link: (sha256: string) => string | null = () => null): Html {
  if (t.files.length === 0) return section("files", "Files", html`<p class="dim">None was attached.</p>`);
  const shown = t.files.filter((file) => pictures.has(file.sha256));
  const rows = t.files.map((file) => [instant(file.at, t.startedAt), file.by ?? "Drillbook", file.about, nameOf(file, link(file.sha256)), `${file.size} bytes`, short(file.sha256)]);
  return section(
    "files",
    "Files",
    html`${shown.length > 0 && html`<div class="screens">${shown.map((file) => html`<figure><img src="${pictures.get(file.sha256) ?? ""}" alt="The screen of a test server as Azure's boot diagnostics gave it: ${file.name}"><figcaption>${file.name} · ${file.about} · ${instant(file.at, t.startedAt)}</figcaption></figure>`)}</div>
<p class="dim small">Made smaller to be shown. What counts is the file with the SHA-256 below.</p>`}
${table([{ label: "When", kind: "time" }, { label: "Who", kind: "name" }, { label: "At" }, { label: "File" }, { label: "Size", kind: "num" }, { label: "SHA-256" }], rows)}`,
  );
}

function nameOf({ name }: FileRecord, address: string | null): Html {
  return address === null ? html`${name}` : html`<a href="${address}">${name}</a>`;
}

/** What Drillbook itself kept; a picture that a person sent is only ever downloaded. */
function isScreen({ by, mediaType }: FileRecord): boolean {
  return by === null && mediaType.startsWith("image/");
}
