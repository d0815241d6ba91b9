import { location } from "./answers.ts";
import { onePerText } from "./scene.ts";
import type { Diagnosis } from "./scene.ts";

/**
 * The redirect target lacks its scheme, so that a client takes the host name for a folder: /www.x/y/www.x/y/… grows on every
 * hop. Only a first part that is one of the names asked for, or begins with www., is taken for a name: `/login.aspx` is a page.
 */
export const redirectWithoutScheme: Diagnosis = (scene) =>
  onePerText(scene.exchanges.flatMap((e) => {
    const to = location(e);
    const [, first = ""] = /^\/?([a-z0-9.-]+\.[a-z0-9-]+)(?:[/:?]|$)/i.exec(to ?? "") ?? [];
    const asked = scene.exchanges.some((other) => other.host?.replace(/:\d+$/, "").toLowerCase() === first.toLowerCase());
    if (first === "" || !(asked || /^www\./i.test(first))) return [];
    return [{ node: scene.node, say: (nodes: string, s: string) => `${nodes} redirect${s} to "${to}", which lacks http:// or https://: a browser takes it for a folder and the address grows for ever. Write the whole URL in the redirect, on every server of the farm.` }];
  }));
