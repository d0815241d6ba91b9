import type { Effect } from "./effects.ts";
import { act, undo } from "./perform/act.ts";
import { ask } from "./perform/ask.ts";
import { follow, recover } from "./perform/follow.ts";
import type { Hands } from "./perform/hands.ts";
import { release } from "./perform/release.ts";
import { lookOnce, observe } from "./perform/observe.ts";

export { crashPoints, type CrashPoint } from "./perform/hands.ts";

/** Does one effect and reports what came of it. Throws only for faults of Drillbook itself. */
export async function perform(effect: Effect, hands: Hands): Promise<void> {
  switch (effect.type) {
    case "observe":
      return observe(effect, hands);
    case "ask":
      return ask(effect, hands);
    case "expire":
      await hands.commit({ type: "expired", by: null, step: effect.step, round: effect.round });
      return;
    case "look":
      return lookOnce(effect, hands);
    case "waited":
      await hands.commit({ type: "waited", by: null, step: effect.step, round: effect.round });
      return;
    case "try-again":
      await hands.commit({ type: "try-again", by: null, step: effect.step, round: effect.round, reason: effect.reason });
      return;
    case "time-out":
      await hands.commit({ type: "timed-out", by: null, step: effect.step, round: effect.round, reason: effect.reason });
      return;
    case "hold-over":
      await hands.commit({ type: "hold-over", by: null, operation: effect.operation, server: effect.server });
      return;
    case "overdue":
      await hands.commit({ type: "overdue", by: null });
      return;
    case "act":
      return effect.undoOf === null ? act(effect, hands) : undo(effect, effect.undoOf, hands);
    case "recover":
      return recover(effect, hands);
    case "release":
      return release(effect, hands);
    case "follow":
      return follow(effect, hands);
  }
}
