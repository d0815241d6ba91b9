import assert from "node:assert/strict";
import fc from "fast-check";
import { draw, surfacesOf } from "../../../src/dialogs/surfaces.ts";
import { transcriptOf } from "../../../src/evidence/transcript/transcript.ts";
import { cardFaults } from "../../fakes/card-faults.ts";
import { began, walk, walks } from "../../fakes/random-drill.ts";

const seed = Number(process.env["SEED"] ?? 4);
const runs = Number(process.env["RUNS"] ?? 100);

describe("drills at random", () => {
  it("can be drawn and told wherever they stand, and every button has words", () => {
    fc.assert(
      fc.property(walks, ([runbook, mode, start, length]) => {
        const { events, state } = walk(runbook, mode, start, length);
        const now = new Date(events.at(-1)?.at ?? "");
        for (const surface of surfacesOf(state)) {
          const shown = draw(surface, state, now, null);
          assert.ok(shown !== null, surface);
          assert.deepEqual(cardFaults(shown.card), [], surface);
        }
        const told = transcriptOf(events);
        assert.equal(told.events, events.length);
        assert.ok(told.timeline.every((entry) => !/^[a-z]+\.[a-z-]+$/.test(entry.what)), "every event has words of its own");
      }),
      { seed, numRuns: runs },
    );
  });

  it("leave a card with something to fill in as it is until something happens: an edit takes away what somebody is typing", () => {
    let filledIn = 0;
    fc.assert(
      fc.property(walks, ([runbook, mode, start, length]) => {
        for (const [i, { before: state, accepted }] of walk(runbook, mode, start, length).steps.entries()) {
          const now = began + (i + 1) * 1_000;
          for (const surface of accepted ? surfacesOf(state) : []) {
            const shown = draw(surface, state, new Date(now), null);
            if (!JSON.stringify(shown?.card).includes('"Input.')) continue;
            filledIn += 1;
            assert.deepEqual(draw(surface, state, new Date(now + 11 * 60_000), null), shown, surface);
          }
        }
      }),
      { seed, numRuns: runs },
    );
    assert.ok(filledIn > runs, `only ${filledIn} such cards were looked at`);
  });
});
