import type { Exchange } from "../exchange.ts";
import { capital, system } from "./scene.ts";

/**
 * Servers of one farm that answer the same request differently: what is said of the whole, not of one node. A node that is up
 * when it is asked another way is no odd one out; then the way of asking is the matter, and others say so.
 */
export function nodesDiffer(exchanges: readonly Exchange[]): readonly string[] {
  const alike = Map.groupBy(exchanges.filter((e) => e.decides && e.verdict !== "unknown"), (e) => `${e.host ?? ""} ${e.target.path} ${e.target.scheme}`);
  return [...alike.values()].flatMap((same) => {
    const up = same.filter((e) => e.verdict === "up");
    const down = same.filter((e) => e.verdict === "down" && !exchanges.some((other) => other.target.url === e.target.url && other.verdict === "up"));
    const [good] = up;
    const [bad] = down;
    if (!good || !bad) return [];
    const others = down.every((e) => e.reason === bad.reason) ? bad.reason : down.map((e) => `${e.target.name}: ${e.reason}`).join("; ");
    return [`The farm is not of one mind: asked the same, ${names(up)} ${up.length === 1 ? "is" : "are"} up for ${system(good)} (${good.reason}) and ${names(down)} down (${others}). ${capital(down.length === 1 ? "compare its bindings and content with the others" : "compare their bindings and content with the others")}.`];
  });
}

function names(cells: readonly Exchange[]): string {
  const all = cells.map((e) => e.target.name);
  return all.length > 6 ? `${all.slice(0, 5).join(", ")} and ${all.length - 5} more` : all.join(", ");
}
