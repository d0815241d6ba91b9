import assert from "node:assert/strict";
import { inflateSync } from "node:zlib";
import { dataAddress, shownPicture } from "../../../src/evidence/picture.ts";

/** A bitmap of one colour, blue before green before red, with a white pixel at the top left. */
function bitmap(width: number, height: number, { bits = 24, topDown = false }: { readonly bits?: number; readonly topDown?: boolean } = {}): Buffer {
  const stride = Math.ceil((width * bits) / 32) * 4;
  const bytes = Buffer.alloc(54 + stride * height);
  bytes.write("BM", 0, "latin1");
  bytes.writeUInt32LE(54, 10);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(topDown ? -height : height, 22);
  bytes.writeUInt16LE(bits, 28);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const row = topDown ? y : height - 1 - y;
      bytes.set(x === 0 && y === 0 ? [255, 255, 255] : [204, 102, 0], 54 + row * stride + (x * bits) / 8);
    }
  }
  return bytes;
}

/** Width, height and the colours of a PNG that has a palette. */
function readPng(png: Buffer): { readonly width: number; readonly height: number; readonly at: (x: number, y: number) => readonly number[] } {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    chunks.set(png.toString("latin1", at + 4, at + 8), png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const [header, palette, data] = ["IHDR", "PLTE", "IDAT"].map((name) => chunks.get(name) ?? Buffer.alloc(0));
  assert.ok(header && palette && data);
  const raw = inflateSync(data);
  const width = header.readUInt32BE(0);
  return { width, height: header.readUInt32BE(4), at: (x, y) => { const index = (raw[y * (width + 1) + 1 + x] ?? 0) * 3; return [...palette.subarray(index, index + 3)]; } };
}

describe("a picture that every client can draw", () => {
  for (const shape of [{}, { bits: 32 }, { topDown: true }]) {
    it(`turns a bitmap into a PNG of the same colours the right way up: ${JSON.stringify(shape)}`, () => {
      const shown = shownPicture(bitmap(101, 40, shape), 10_000);
      assert.equal(shown?.mediaType, "image/png");
      const png = readPng(Buffer.from(shown.bytes));
      assert.deepEqual([png.width, png.height], [101, 40]);
      assert.deepEqual(png.at(0, 0), [255, 255, 255]);
      assert.deepEqual(png.at(100, 39), [0, 102, 204]);
    });
  }

  it("becomes smaller until it has room", () => {
    const noise = bitmap(640, 480);
    let seed = 1;
    for (let i = 54; i < noise.length; i += 1) noise[i] = (seed = (seed * 48_271) % 2_147_483_647) & 255;
    const shown = shownPicture(noise, 40_000);
    assert.ok(shown !== null && shown.bytes.length <= 40_000);
    assert.ok(readPng(Buffer.from(shown.bytes)).width < 640);
    assert.equal(shownPicture(noise, 300), null);
  });

  it("goes as it is when clients know its kind and it has room", () => {
    const png = shownPicture(bitmap(20, 20), 10_000);
    assert.ok(png);
    assert.deepEqual(shownPicture(png.bytes, 10_000), png);
    assert.equal(shownPicture(png.bytes, 10), null);
    assert.match(dataAddress(png), /^data:image\/png;base64,iVBOR/);
  });

  it("refuses what is no picture, is compressed, or promises more than it holds", () => {
    const many = bitmap(20, 20);
    const huge = Buffer.from(many);
    huge.writeInt32LE(8000, 18);
    const compressed = Buffer.from(many);
    compressed.writeUInt32LE(1, 30);
    const beyond = Buffer.from(many);
    beyond.writeUInt32LE(0xffff_ffff, 10);
    const vast = Buffer.from(many);
    vast.writeInt32LE(2_147_483_647, 18);
    const lowest = Buffer.from(many);
    lowest.writeInt32LE(-2_147_483_648, 22);
    for (const bytes of [huge, compressed, beyond, vast, lowest, many.subarray(0, 60), Buffer.from("BM"), Buffer.from("<svg/>"), Buffer.alloc(0)]) assert.equal(shownPicture(bytes, 100_000), null);
  });
});
