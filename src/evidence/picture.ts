import { crc32, deflateSync } from "node:zlib";

/** A picture that every client can draw, small enough for where it goes. */
export type Picture = { readonly mediaType: string; readonly bytes: Uint8Array };

type Pixels = { readonly width: number; readonly height: number; /** Red, green, blue, from the top left. */ readonly rgb: Uint8Array };

const longestSide = 8192;
const mostPixels = 16_777_216;

/**
 * A picture as a chat and a page can show it, of at most `most` bytes. Azure keeps screens as bitmaps of megabytes, which
 * Teams draws nowhere: such a one is made smaller and becomes a PNG. null: no picture that can be read, or none that fits.
 */
export function shownPicture(bytes: Uint8Array, most: number): Picture | null {
  const pixels = readBitmap(bytes);
  if (pixels === null) {
    const mediaType = mediaTypeOf(bytes);
    return mediaType === null || bytes.length > most ? null : { mediaType, bytes };
  }
  for (const shrink of [1, 2, 3, 4, 6, 8]) {
    const png = encodePng(shrunk(pixels, shrink));
    if (png.length <= most) return { mediaType: "image/png", bytes: png };
  }
  return null;
}

/** The picture as an address that carries it: a report and a card must ask nobody for it. */
export function dataAddress({ mediaType, bytes }: Picture): string {
  return `data:${mediaType};base64,${Buffer.from(bytes).toString("base64")}`;
}

/** By what the bytes hold, never by what they are called. */
function mediaTypeOf(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 8)).toString("latin1");
  if (head === "\u0089PNG\r\n\u001a\n") return "image/png";
  return head.startsWith("\u00ff\u00d8\u00ff") ? "image/jpeg" : null;
}

/** An uncompressed Windows bitmap of 24 or 32 bits a pixel; null for anything else, and for one whose header promises more than it holds. */
function readBitmap(bytes: Uint8Array): Pixels | null {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (data.length < 54 || data.toString("latin1", 0, 2) !== "BM") return null;
  const [begin, width, signedHeight] = [data.readUInt32LE(10), data.readInt32LE(18), data.readInt32LE(22)];
  const [bits, compression] = [data.readUInt16LE(28), data.readUInt32LE(30)];
  const height = Math.abs(signedHeight);
  if (compression !== 0 || (bits !== 24 && bits !== 32)) return null;
  if (width < 1 || height < 1 || width > longestSide || height > longestSide || width * height > mostPixels) return null;
  const step = bits / 8;
  const stride = Math.ceil((width * step) / 4) * 4;
  if (begin + stride * height > data.length) return null;
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    // A height below zero says that the rows run from the top down.
    const row = begin + (signedHeight < 0 ? y : height - 1 - y) * stride;
    for (let x = 0; x < width; x += 1) {
      for (let channel = 0; channel < 3; channel += 1) rgb[(y * width + x) * 3 + channel] = data[row + x * step + 2 - channel] ?? 0;
    }
  }
  return { width, height, rgb };
}

/** Each pixel the mean of `by` times `by`: words on a screen stay readable where single pixels would vanish. */
function shrunk(pixels: Pixels, by: number): Pixels {
  const [width, height] = [Math.floor(pixels.width / by), Math.floor(pixels.height / by)];
  if (by === 1 || width < 1 || height < 1) return pixels;
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) for (let channel = 0; channel < 3; channel += 1) {
    let sum = 0;
    for (let dy = 0; dy < by; dy += 1) for (let dx = 0; dx < by; dx += 1) sum += pixels.rgb[((y * by + dy) * pixels.width + x * by + dx) * 3 + channel] ?? 0;
    rgb[(y * width + x) * 3 + channel] = Math.round(sum / (by * by));
  }
  return { width, height, rgb };
}

const levels = [0, 51, 102, 153, 204, 255];

/** A PNG of 216 colours: a screen has few, and one byte a pixel packs best. */
function encodePng({ width, height, rgb }: Pixels): Buffer {
  const raw = Buffer.alloc((width + 1) * height);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const [red = 0, green = 0, blue = 0] = rgb.subarray(pixel * 3, pixel * 3 + 3);
    // Every line begins with a byte that names its filter: none.
    raw[pixel + Math.floor(pixel / width) + 1] = Math.round(red / 51) * 36 + Math.round(green / 51) * 6 + Math.round(blue / 51);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const palette = Buffer.from(levels.flatMap((red) => levels.flatMap((green) => levels.flatMap((blue) => [red, green, blue]))));
  return Buffer.concat([
    Buffer.from("\u0089PNG\r\n\u001a\n", "latin1"),
    chunk("IHDR", header),
    chunk("PLTE", palette),
    chunk("IDAT", deflateSync(raw)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
