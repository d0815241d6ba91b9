import type { Exchange } from "../exchange.ts";
import type { HttpResponse } from "../response.ts";
import { asks, capital, fromHttpSys, namesSite, remedy, system } from "./scene.ts";
import type { Diagnosis, Remark, Scene } from "./scene.ts";

/** The server refuses a request that does not name a site, and serves the one that does. */
export const invalidHostname: Diagnosis = (scene) =>
  nameless(scene).flatMap((failing) => {
    const named = succeedsByName(scene);
    if (failing.response?.status !== 400 || !named) return [];
    return [marksDown(failing, named, `${saysInvalidHostname(failing.response) ? "400 Invalid Hostname" : "400"}`)];
  });

/** Another site, the address's default one, answers the request that names no site, and lacks the page. */
export const wrongDefaultSite: Diagnosis = (scene) =>
  nameless(scene).flatMap((failing) => {
    const named = succeedsByName(scene);
    const status = failing.response?.status ?? 0;
    if (![403, 404, 410, 421].includes(status) || failing.verdict !== "down" || !named) return [];
    return [marksDown(failing, named, `${status} from its default site`)];
  });

/** The check is green because some other site answers, while the site that matters is dead. */
export const upForTheWrongReason: Diagnosis = (scene) =>
  nameless(scene).flatMap((green) => {
    const dead = scene.exchanges.filter(namesSite).find((e) => e.verdict === "down" && e.response !== null && ![405, 501].includes(e.response.status));
    const alive = succeedsByName(scene);
    if (green.verdict !== "up" || !dead || alive) return [];
    const will = green.decides ? "will" : "would";
    return [{
      node: scene.node,
      say: (nodes) =>
        `Up for the wrong reason: with ${asks(green)}, ${system(green)} ${will} mark ${nodes} up (${green.reason}), but ${dead.sentHost} answers ${dead.reason} there. A catch-all site answers the check while the real site is dead. ${remedy(green, "host", dead.sentHost)}`,
    }];
  });

/** No site on the server has the name at all: even the request that names it is refused. */
export const nameNotBound: Diagnosis = (scene) =>
  scene.exchanges.filter(namesSite).flatMap((refused) => {
    if (!refused.response || refused.response.status !== 400 || !saysInvalidHostname(refused.response)) return [];
    return [{ node: scene.node, say: (nodes: string) => `No site on ${nodes} has the name ${refused.sentHost}: the server answers 400 Invalid Hostname even when it is asked by that name. Look at the site's bindings (name, address and port) on the test server.` }];
  });

/** Nobody told the check a name, and the server has sites by name only. */
export const noNameToAsk: Diagnosis = (scene) => {
  const refused = scene.exchanges.find((e) => e.response?.status === 400 && saysInvalidHostname(e.response));
  if (!refused || scene.exchanges.some(namesSite)) return [];
  return [{ node: scene.node, say: (nodes, s) => `Asked by address, ${nodes} answer${s} 400 Invalid Hostname: the sites there have host names. Give the check the name with host:, so that it can show which way of asking works.` }];
};

/** One check sends one Host: it says nothing of the other names on the same address and port. */
export const oneCheckOneName: Diagnosis = (scene) => {
  const named = scene.exchanges.filter(namesSite);
  const up = named.find((e) => e.verdict === "up");
  const down = named.find((e) => e.verdict === "down" && e.view.form === up?.view.form);
  if (!up || !down) return [];
  return [{ node: scene.node, say: (nodes, s) => `One health check covers one name: asked as ${up.sentHost}, ${nodes} work${s}; asked as ${down.sentHost}, the answer is ${down.reason}. A check with Host ${up.sentHost} would keep sending people to a dead ${down.sentHost}. ${up.view.profile.remedies.names}` }];
};

/** All is well for every name, and still one check of the balancer would see only one of them. */
export const twoNamesOneCheck: Diagnosis = (scene) => {
  const deciding = scene.exchanges.filter((e) => e.decides);
  const [one] = deciding;
  const named = scene.exchanges.filter(namesSite).filter((e) => e.host !== null);
  const names = [...new Set(named.map((e) => e.sentHost))];
  if (!one || one.view.profile.name === "browser" || names.length < 2 || named.some((e) => e.verdict !== "up")) return [];
  const list = `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  const sends = deciding.some(namesSite) ? `${capital(system(one))} sends one Host in a check` : `${capital(system(one))} names none of them`;
  return [{ node: scene.node, say: (nodes, s) => `Two names, one check: ${nodes} serve${s} ${list} on one address and port. ${sends}, so that each of the others may die unseen. ${one.view.profile.remedies.names}` }];
};

function nameless(scene: Scene): readonly Exchange[] {
  return scene.exchanges.filter((e) => !namesSite(e) && e.view.profile.name !== "browser");
}

/** A request that named the site and was served: the browser's when there is one, as people believe that first. */
function succeedsByName(scene: Scene): (Exchange & { readonly sentHost: string }) | undefined {
  const served = scene.exchanges.filter(namesSite).filter((e) => e.verdict === "up");
  return served.find((e) => e.view.profile.name === "browser") ?? served[0];
}

function saysInvalidHostname(response: HttpResponse): boolean {
  return /invalid host/i.test(response.body + response.reason) || (response.status === 400 && fromHttpSys(response));
}

function marksDown(failing: Exchange, named: Exchange & { readonly sentHost: string }, answers: string): Remark {
  const succeeds = named.view.profile.name === "browser" ? "the browser's request succeeds" : `the same server serves ${named.sentHost}`;
  const fix = remedy(failing, "host", named.sentHost);
  return {
    node: failing.target.name,
    say: failing.decides
      ? (nodes) => `${capital(system(failing))} will mark ${nodes} down: it asks ${asks(failing)} and the server answers ${answers}; ${succeeds}. ${fix}`
      : (nodes) => `Asking ${asks(failing)}, ${system(failing)} would mark ${nodes} down: the server answers ${answers}; ${succeeds}. ${fix}`,
  };
}
