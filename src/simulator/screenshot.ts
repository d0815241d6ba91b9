import type { Machine } from "./machine.ts";
import { drawText } from "./pixel-font.ts";

const width = 512;
const height = 192;

type Screen = { readonly background: readonly [number, number, number]; readonly lines: readonly string[] };

/** What the screen of a machine shows, as a bitmap of 24 bits a pixel. */
export function screenshotOf(machine: Machine): Uint8Array {
  const { background, lines } = screenOf(machine);
  const pixels = Array.from({ length: width * height }, () => false);
  for (const [row, line] of lines.entries()) drawText(pixels, width, 16, 16 + row * 20, line);
  return bitmap(pixels, background);
}

function screenOf({ name, condition, power, ready }: Machine): Screen {
  if (power !== "running" && power !== "starting") return { background: [0, 0, 0], lines: [] };
  if (condition === "boot-manager") return { background: [0, 0, 0], lines: ["WINDOWS BOOT MANAGER", "", "WINDOWS FAILED TO START.", "STATUS: 0XC0000225", "INFO: A REQUIRED DEVICE IS", "NOT CONNECTED."] };
  if (condition === "blue-screen") return { background: [0, 80, 160], lines: ["YOUR DEVICE RAN INTO A PROBLEM", "", "STOP CODE:", "INACCESSIBLE BOOT DEVICE"] };
  if (!ready && condition === "healthy") return { background: [0, 0, 0], lines: ["WINDOWS", "GETTING DEVICES READY"] };
  return { background: [0, 60, 110], lines: ["PRESS CTRL+ALT+DEL TO UNLOCK", "", name.toUpperCase()] };
}

/** A Windows bitmap: a header of 54 bytes, then the rows from the bottom up, blue before green before red. */
function bitmap(pixels: readonly boolean[], [red, green, blue]: Screen["background"]): Uint8Array {
  const bytes = Buffer.alloc(54 + width * height * 3);
  bytes.write("BM", 0, "ascii");
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  bytes.writeUInt32LE(width * height * 3, 34);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = 54 + ((height - 1 - y) * width + x) * 3;
      const lit = pixels[y * width + x] === true;
      bytes.set(lit ? [255, 255, 255] : [blue, green, red], at);
    }
  }
  return bytes;
}
