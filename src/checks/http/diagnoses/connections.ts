import { sayDuration } from "../../../runbooks/duration-text.ts";
import type { Exchange } from "../exchange.ts";
import type { ProbeOutcome } from "../wire.ts";
import { asks, capital, system } from "./scene.ts";
import type { Diagnosis, Scene } from "./scene.ts";

/** Nothing listens, but the machine answered: a filter on the way would have kept silent. */
export const connectionRefused: Diagnosis = (scene) => {
  const refused = first(scene, "refused");
  if (!refused) return [];
  return [{ node: scene.node, say: (nodes) => `Nothing listens on port ${refused.target.port} of ${nodes}: the server is up and refuses the connection. Start the web service, or look at the port of its bindings.` }];
};

/** No connection came about at all, which from the bot may be the isolation doing its work. */
export const noConnection: Diagnosis = (scene) => {
  const lost = scene.exchanges.find((e) => (e.answer?.outcome === "timed-out" && e.answer.connectMs < 0) || e.answer?.outcome === "unreachable");
  if (!lost) return [];
  const within = lost.answer?.outcome === "timed-out" ? ` within ${sayDuration(lost.request.timeoutMs)}` : "";
  const why =
    scene.from === "bot"
      ? "Asked from the bot, an isolated test network is meant to be out of reach: ask from a test server inside it (from: its name)."
      : `Look at whether the server has started, at its firewall, and at a route from ${scene.from}.`;
  return [{ node: scene.node, say: (nodes) => `No connection to ${nodes}${within}. ${why}` }];
};

/** Something accepts the connection and then says nothing. */
export const silent: Diagnosis = (scene) => {
  const hangs = scene.exchanges.find((e) => e.answer?.outcome === "timed-out" && e.answer.connectMs >= 0);
  if (!hangs) return [];
  const answers = scene.exchanges.find((e) => e.response !== null);
  const but = answers ? ` ${capital(asks(answers))} is answered (${answers.reason}), so the network is not the cause.` : "";
  return [{ node: scene.node, say: (nodes, s) => `${nodes} accept${s} the connection and then say${s} nothing for ${sayDuration(hangs.request.timeoutMs)}: the application is starting, hangs, or waits for something that the test network does not have (a database, a domain controller, the internet).${but}` }];
};

/** The connection is dropped for one way of asking and not for another. */
export const droppedForOne: Diagnosis = (scene) => {
  const dropped = first(scene, "closed") ?? first(scene, "reset");
  if (!dropped) return [];
  const answers = scene.exchanges.find((e) => e.response !== null);
  const how = dropped.answer?.outcome === "reset" ? "reset" : "close";
  return [{
    node: scene.node,
    say: answers
      ? (nodes, s) => `${nodes} ${how}${s} the connection when ${system(dropped)} asks ${asks(dropped)}, and answer${s} ${asks(answers)} (${answers.reason}): the server, or a firewall before it, refuses that way of asking.`
      : (nodes, s) => `${nodes} ${how}${s} the connection without an answer: a port that expects TLS, or a firewall that ends the connection, does that.`,
  }];
};

function first(scene: Scene, outcome: ProbeOutcome): Exchange | undefined {
  return scene.exchanges.find((e) => e.answer?.outcome === outcome);
}
