import type { Sources } from "../include/sources.ts";
import { didYouMean } from "../nearest.ts";
import { quoted, warningAt } from "../parse/diagnostic.ts";
import type { Fault } from "../parse/diagnostic.ts";
import type { RunbookDocument } from "../parse/document.ts";
import type { FrontMatter } from "./front-matter.ts";

/**
 * The way back that cards will name must be one that somebody can start. A warning: on a bad day a failover must not be
 * refused because the way back was renamed.
 */
export function unknownFailback({ front: yaml }: RunbookDocument, front: FrontMatter | null, sources: Sources): readonly Fault[] {
  const id = front?.failback;
  if (id === undefined || yaml === null || sources.has(id)) return [];
  return [warningAt("unknown-runbook", yaml.valueAt(["failback"]), `There is no runbook ${quoted(id)} beside this one: the cards would name a way back that nobody can start.`, didYouMean(id, [...sources.keys()].slice(0, 50), "Put it into the same folder."))];
}
