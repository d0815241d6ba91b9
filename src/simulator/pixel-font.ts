// Letters of five by seven points, a row after the other, as base-32 digits: a screenshot must say what it shows.
const glyphs: Readonly<Record<string, string>> = {
  A: "ehhvhhh", B: "uhhuhhu", C: "ehggghe", D: "uhhhhhu", E: "vggsggv", F: "vggsggg", G: "ehgnhhe", H: "hhhvhhh", I: "e44444e", J: "11111he", K: "hikokih",
  L: "ggggggv", M: "hrllhhh", N: "hhplnhh", O: "ehhhhhe", P: "uhhuggg", Q: "ehhhlid", R: "uhhukih", S: "fgge11u", T: "v444444", U: "hhhhhhe", V: "hhhhha4",
  W: "hhhllla", X: "hha4ahh", Y: "hha4444", Z: "v1248gv", 0: "ehjlphe", 1: "4c4444e", 2: "eh1248v", 3: "v2421he", 4: "26aiv22", 5: "vgu11he",
  6: "68guhhe", 7: "v124888", 8: "ehhehhe", 9: "ehhf12c", "-": "000v000", ".": "00000cc", ":": "0cc0cc0", "+": "044v440",
};

/** Draws capital letters, digits and a few signs, each point two pixels wide and high; what it does not know is a gap. */
export function drawText(pixels: boolean[], width: number, left: number, top: number, text: string): void {
  for (const [index, letter] of [...text].entries()) {
    for (const [row, digit] of [...(glyphs[letter] ?? "")].entries()) {
      const bits = Number.parseInt(digit, 32);
      for (let column = 0; column < 5; column += 1) {
        if ((bits & (16 >> column)) === 0) continue;
        const at = (top + row * 2) * width + left + index * 12 + column * 2;
        for (const offset of [0, 1, width, width + 1]) pixels[at + offset] = true;
      }
    }
  }
}
