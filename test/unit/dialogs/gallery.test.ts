import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import type { Json, Kind } from "../../../src/runbooks/runbook.ts";
import { buttons } from "../../../src/texts/buttons.ts";
import { cleanupTexts } from "../../../src/texts/cleanup.ts";
import { incidentTexts, launchTexts } from "../../../src/texts/launch.ts";
import { resultWords, standingWords } from "../../../src/texts/live-card.ts";
import { signOffTexts } from "../../../src/texts/sign-off.ts";
import { asks, closedWords } from "../../../src/texts/steps.ts";
import { cardFaults } from "../../fakes/card-faults.ts";
import { cardGallery, spoken } from "../../fakes/card-gallery.ts";

/** What a colour says has to be said in words as well, in the very part that has it. */
const lexicon: Readonly<Record<string, RegExp>> = {
  good: /\bup\b|exercised|approved|passed|Passed|signed|taken back|cleaned up/u,
  warning: /shown again|signed for|Nothing is attached|waits for people|need a test|changed since|due again|would fail|findings|expires|skipped|finding|Would fail|Abort|signed off|sign-off|nobody/u,
  attention: /failed|never exercised|would fail|would fail now|REAL INCIDENT|real incident|not an exercise|void|expired|rejected|nobody|Nobody|could not|in vain|Aborted|aborted|Would fail|too late|down|not as expected|needed|nothing was sent|nothing was started|[Nn]othing tells|does not compile|not proved/u,
};

const marks = /^[✓✗▶○–!·]$/u;

function* parts(value: Json): Generator<{ readonly [key: string]: Json }> {
  if (value === null || typeof value !== "object") return;
  if (Array.isArray(value)) {
    for (const one of value as readonly Json[]) yield* parts(one);
    return;
  }
  const part = value as { readonly [key: string]: Json };
  yield part;
  for (const one of Object.values(part)) yield* parts(one);
}

function firstOf(value: Json | undefined): Json {
  return Array.isArray(value) ? ((value as readonly Json[])[0] ?? {}) : {};
}

/** The titles, in the gallery, of buttons that bear a name. */
const titleOf: Readonly<Record<string, string>> = {
  answer: "Answer",
  option: "East",
  goOnWithout: "Go on without web-02",
  keep: "Keep it",
  approve: "Approve",
  reject: "Reject",
  start: "Start Payroll test failover",
  preview: "Show what will be touched",
  launch: "Start the drill",
  incidentPreview: "Go on towards a declaration",
  declare: "Declare a real incident",
};

/** Functions that are reached by the name of a surface; each of them is one of `surfacesOf`. */
const drawnBySurfaces = ["liveCard", "stepCard", "cleanupCard", "signOffCard", "card", "closedCard"];

const ofKind = { manual: "manual", checklist: "checklist", check: "check, failed", action: "action, under way", approval: "approval", ask: "ask", decide: "decide", wait: "wait", announce: "announce" } satisfies Record<Kind, string>;

function wordsIn(part: Json): string {
  return [...parts(part)].flatMap((p) => (typeof p["text"] === "string" ? [p["text"]] : [])).join(" ");
}

const gallery = await cardGallery();

describe("every kind of card", () => {
  it("is here, whatever function of the dialogs draws it", () => {
    const folder = new URL("../../../src/dialogs/", import.meta.url);
    const drawers = readdirSync(folder).flatMap((file) => [...readFileSync(new URL(file, folder), "utf8").matchAll(/^export function (\w+)\([^{]*\): Shown(?: \| null)? \{$/gmu)].map(([, name]) => name ?? ""));
    const used = readFileSync(new URL("../../fakes/card-gallery.ts", import.meta.url), "utf8");
    assert.ok(drawers.length >= 14, String(drawers));
    assert.deepEqual(drawers.filter((name) => !drawnBySurfaces.includes(name) && !used.includes(`${name}(`)), []);
  });

  it("is here for every kind of step", () => assert.deepEqual(Object.values(ofKind).filter((name) => !gallery.has(name)), []));

  it("is here with every word that a head can bear beside the kind of event", () => {
    const heads = [...gallery.values()].map(({ card }) => wordsIn(firstOf(card["body"]))).join("\n");
    const said = [...Object.values(asks).map((word) => (typeof word === "string" ? word : word(2, "operator"))), ...Object.values(closedWords), cleanupTexts.cleanedUp, cleanupTexts.cleaningUp, signOffTexts.signOff, signOffTexts.signedOff, launchTexts.notStarted, launchTexts.corrections, launchTexts.wouldFail, launchTexts.abortQuestion, incidentTexts.notDeclared, standingWords.cleaningUp, standingWords.toSign, standingWords.paused, standingWords.stepFailed, standingWords.undoFailed, ...Object.keys(resultWords).map((result) => standingWords.result(result))];
    assert.deepEqual(said.filter((words) => !heads.includes(words)), []);
  });

  it("is here with every button there is", () => {
    const titles = [...gallery.values()].flatMap(({ card }) => ((card["actions"] ?? []) as readonly { readonly [key: string]: Json }[]).map((action) => String(action["title"])));
    const missing = Object.entries(buttons).filter(([name, button]) => {
      const title = typeof button === "function" ? titleOf[name] : button.title;
      return title === undefined || !titles.includes(title);
    });
    assert.deepEqual(missing.map(([name]) => name), []);
  });

  it("says before a start how many of whom have to approve", () => assert.match(gallery.get("preview")?.text ?? "", /2 of Amir Haddad and Bea Lind/u));

  for (const [name, shown] of gallery) {
    it(`${name}: says in words what its colours and marks say`, () => {
      assert.deepEqual(cardFaults(shown.card), []);
      const text = spoken(shown);
      for (const part of parts(shown.card["body"] ?? [])) {
        const meant = String(part["color"] ?? part["style"] ?? "").toLowerCase();
        const words = wordsIn(part);
        // The bar of times has no words in it; those beside it are looked for below.
        if (meant in lexicon && !(part["type"] === "Column" && words === "") && !marks.test(words)) assert.match(words, lexicon[meant] ?? /./u, `${meant}: ${JSON.stringify(part).slice(0, 300)}`);
      }
      assert.ok(!text.includes("\n\n"), "a picture without words");
      for (const line of text.split("\n")) assert.ok(!line.split(" · ").some((piece) => marks.test(piece)), `a mark without a word: ${line}`);
      if (JSON.stringify(shown.card).includes("minHeight")) assert.match(text, /% of the time|since launch|from launch|\d exercised|\d never exercised/u);
      for (const action of (shown.card["actions"] ?? []) as readonly { [key: string]: Json }[]) assert.ok(action["type"] !== "Action.Execute" || text.includes(String(action["title"])), String(action["title"]));
      for (const input of parts(shown.card["body"] ?? [])) if (String(input["type"]).startsWith("Input.")) assert.ok(String(input["label"] ?? input["title"] ?? "") !== "", "an input without a label");
    });
  }
});
