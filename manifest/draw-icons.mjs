// Draws the two icons of the Teams package: node manifest/draw-icons.mjs
import { writeFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";

/** Points across a pixel each way: what makes the edges smooth. */
const samples = 4;

/** Distance from a point to a line between two points. */
function toLine([px, py], [ax, ay], [bx, by]) {
  const along = Math.max(0, Math.min(1, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)));
  return Math.hypot(px - ax - along * (bx - ax), py - ay - along * (by - ay));
}

/** Distance to the edge of a rounded rectangle, negative inside. `right` is the radius of the right corners. */
function toBox([px, py], [left, top, width, height], leftRadius, rightRadius) {
  const radius = px > left + width / 2 ? rightRadius : leftRadius;
  const dx = Math.abs(px - left - width / 2) - width / 2 + radius;
  const dy = Math.abs(py - top - height / 2) - height / 2 + radius;
  return Math.min(Math.max(dx, dy), 0) + Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) - radius;
}

/** A book with a tick, on a canvas of 32 by 32; true where there is ink. */
function isInk(point) {
  const cover = Math.abs(toBox(point, [8, 6, 16, 20], 1, 5)) < 1.2;
  const tick = toLine(point, [12, 16], [15, 19]) < 1.2 || toLine(point, [15, 19], [20, 13]) < 1.2;
  return cover || tick;
}

function draw(size, colourAt) {
  const rows = [];
  for (let y = 0; y < size; y += 1) {
    rows.push(0);
    for (let x = 0; x < size; x += 1) {
      let [red, green, blue, alpha] = [0, 0, 0, 0];
      for (let sample = 0; sample < samples ** 2; sample += 1) {
        const sx = x + ((sample % samples) + 0.5) / samples;
        const sy = y + (Math.floor(sample / samples) + 0.5) / samples;
        const [r, g, b, a] = colourAt([(sx / size) * 32, (sy / size) * 32]);
        red += r * a;
        green += g * a;
        blue += b * a;
        alpha += a;
      }
      const mean = (sum) => (alpha === 0 ? 0 : Math.round(sum / alpha));
      rows.push(mean(red), mean(green), mean(blue), Math.round((alpha / samples ** 2) * 255));
    }
  }
  return png(size, Buffer.from(rows));
}

function png(size, rows) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

const white = [255, 255, 255, 1];
// Teams rounds the corners of the colour icon itself, and wants the outline white on nothing.
const colour = draw(192, (point) => (isInk(point) ? white : [79, 82, 178, 1]));
const outline = draw(32, (point) => (isInk(point) ? white : [255, 255, 255, 0]));
writeFileSync(new URL("color.png", import.meta.url), colour);
writeFileSync(new URL("outline.png", import.meta.url), outline);
