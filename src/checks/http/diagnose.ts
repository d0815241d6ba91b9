import * as answers from "./diagnoses/answers.ts";
import * as connections from "./diagnoses/connections.ts";
import * as hostNames from "./diagnoses/host-names.ts";
import * as redirects from "./diagnoses/redirects.ts";
import { nodesDiffer } from "./diagnoses/farm.ts";
import type { Diagnosis, Remark } from "./diagnoses/scene.ts";
import * as tls from "./diagnoses/tls.ts";
import type { Exchange } from "./exchange.ts";

/** In the order in which they are said: what is surest and nearest to a remedy first. */
const diagnoses: readonly Diagnosis[] = [
  hostNames.invalidHostname,
  hostNames.wrongDefaultSite,
  hostNames.upForTheWrongReason,
  hostNames.nameNotBound,
  hostNames.noNameToAsk,
  hostNames.oneCheckOneName,
  hostNames.twoNamesOneCheck,
  answers.versionRefused,
  answers.methodRefused,
  answers.countedDifferently,
  answers.expectationUnmet,
  answers.flapping,
  answers.needsSignIn,
  answers.pathMissing,
  answers.rateLimited,
  answers.refusedByReader,
  answers.nearlyTooLate,
  redirects.redirectGrows,
  redirects.redirectWithoutScheme,
  redirects.redirectLoop,
  redirects.redirectLost,
  redirects.upByRedirect,
  answers.serverError,
  tls.plainToTls,
  tls.handshakeFails,
  tls.certificateName,
  tls.certificateEnds,
  tls.certificateDistrusted,
  connections.connectionRefused,
  connections.noConnection,
  connections.silent,
  connections.droppedForOne,
  answers.notHttp,
];

const mostSentences = 12;

/** What the exchanges tell, in words that end in something to try. Pure; the same sentence for several nodes is said once. */
export function diagnose(exchanges: readonly Exchange[], from: string, at: Date = new Date(0)): readonly string[] {
  const scenes = [...Map.groupBy(exchanges, (e) => e.target.url).values()].map((same) => ({ from, at, node: same[0]?.target.name ?? "", exchanges: same }));
  const remarks = diagnoses.flatMap((derive) => scenes.flatMap((scene) => derive(scene)));
  const grouped = Map.groupBy(remarks, (remark) => remark.say("\u0000", ""));
  return [...[...grouped.values()].map((same) => sayOnce(same)), ...nodesDiffer(exchanges)].slice(0, mostSentences);
}

function sayOnce(same: readonly Remark[]): string {
  const nodes = [...new Set(same.map((remark) => remark.node))];
  return same[0]?.say(sayNodes(nodes), nodes.length === 1 ? "s" : "") ?? "";
}

function sayNodes(nodes: readonly string[]): string {
  return nodes.length < 2 ? nodes.join("") : `${nodes.slice(0, -1).join(", ")} and ${nodes.at(-1)}`;
}
