import type { Typed } from "./parse.ts";
import type { Chatting, Of } from "./parts.ts";

/** `hand over to @Amir`: whoever is mentioned is meant by their account, however their name is written; a typed `@` is only a habit. */
export function withPeople<T extends Typed>(parts: Chatting, { mentions = [] }: Of<"text">, typed: T): T {
  if (typed.type !== "verb") return typed;
  const meant = (words: string): string => {
    const bare = words.replace(/^@/, "").trim();
    const mention = mentions.find(({ name }) => name.toLowerCase() === bare.toLowerCase());
    return (mention === undefined ? null : parts.personOf(mention.account)) ?? bare;
  };
  return { ...typed, as: meant(typed.as), ...(typed.on === undefined ? {} : { on: meant(typed.on) }) };
}
