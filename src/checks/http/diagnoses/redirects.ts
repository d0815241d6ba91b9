import { location } from "./answers.ts";
import type { Hops } from "../hops.ts";
import { onePerText, system } from "./scene.ts";
import type { Diagnosis, Remark, Scene } from "./scene.ts";

/**
 * The redirect target lacks its scheme, so that a client takes the host name for a folder: /www.x/y/www.x/y/… grows on every
 * hop. Only a first part that is one of the names asked for, or begins with www., is taken for a name: `/login.aspx` is a page.
 */
export const redirectWithoutScheme: Diagnosis = (scene) =>
  onePerText(scene.exchanges.flatMap((e) => {
    if (scene.exchanges.some((other) => other.hops?.end === "grows")) return [];
    const to = location(e);
    const [, first = ""] = /^\/?([a-z0-9.-]+\.[a-z0-9-]+)(?:[/:?]|$)/i.exec(to ?? "") ?? [];
    const asked = scene.exchanges.some((other) => other.host?.replace(/:\d+$/, "").toLowerCase() === first.toLowerCase());
    if (first === "" || !(asked || /^www\./i.test(first))) return [];
    return [{ node: scene.node, say: (nodes: string, s: string) => `${nodes} redirect${s} to "${to}", which lacks http:// or https://: a browser takes it for a folder and the address grows for ever. Write the whole URL in the redirect, on every server of the farm.` }];
  }));

/** The redirect was followed and turns in a circle. */
export const redirectLoop: Diagnosis = (scene) => ended(scene, "loop", (nodes, s, say) => `${nodes} redirect${s} for ever: ${say}. A browser gives up with "too many redirects", while a check that counts a redirect as up stays green. Look at the redirect's condition, and at which scheme and name the server believes it is asked by.`);

/** The redirect was followed and its address grows, the mark of a target without its scheme. */
export const redirectGrows: Diagnosis = (scene) => ended(scene, "grows", (nodes, s, say) => `${nodes} redirect${s} without end: ${say}. Write the whole URL in the redirect, on every server of the farm.`);

/** The redirect was followed to a place that does not serve. */
export const redirectLost: Diagnosis = (scene) => ended(scene, "lost", (nodes, s, say) => `${nodes} redirect${s} people to a place that does not serve them: ${say}. In a test network it may lead to production, or to a name that is not there.`);

/** The check is satisfied by the redirect and never sees the site. */
export const upByRedirect: Diagnosis = (scene) =>
  onePerText(scene.exchanges.flatMap((e) => {
    const to = location(e);
    if (to === null || e.verdict !== "up" || !e.decides || e.hops !== null) return [];
    const secure = e.target.scheme === "http" && /^https:/i.test(to);
    const served = scene.exchanges.find((other) => other.verdict === "up" && other.response?.status === 200);
    if (!secure && !served) return [];
    const why = secure ? "it says nothing of the site behind HTTPS; let the check ask HTTPS" : `by name it serves ${served?.reason}; let the check ask what people ask`;
    return [{ node: scene.node, say: (nodes: string, s: string) => `${nodes} ${s === "s" ? "is" : "are"} up for ${system(e)} by a redirect alone (${e.reason} to ${to}): ${why}.` }];
  }));

function ended(scene: Scene, end: Hops["end"], say: (nodes: string, s: string, end: string) => string): readonly Remark[] {
  const walked = scene.exchanges.find((e) => e.hops?.end === end);
  return walked?.hops ? [{ node: scene.node, say: (nodes, s) => say(nodes, s, walked.hops?.say ?? "") }] : [];
}
