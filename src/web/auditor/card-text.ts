/** The words of a stored card in their order, for readers who see no drawing of it. Any bytes will do. */
export function cardText(bytes: Uint8Array): readonly string[] {
  try {
    return [...new Set(textsIn(JSON.parse(Buffer.from(bytes).toString("utf8"))))];
  } catch {
    return ["The stored bytes are no card."];
  }
}

const shown = new Set(["text", "title", "value", "label"]);

function textsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) => {
    if (typeof member === "string") return shown.has(key) && member.trim() !== "" ? [member] : [];
    return key === "data" ? [] : textsIn(member);
  });
}
