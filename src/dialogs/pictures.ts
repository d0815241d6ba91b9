import type { Attachment } from "../drills/events.ts";
import type { DrillState, StepState } from "../drills/state.ts";
import { plain, small, text, type CardJson } from "./card.ts";
import { pictureTexts } from "../texts/steps.ts";

/** A card that carries more is shown by nobody; the others are on the drill's page. */
const mostShown = 3;

/** Before the hash of a kept file, in the address of a picture; whoever sends the card puts the bytes there. */
export const pictureScheme = "drillbook-picture:";

/**
 * The screens that Drillbook kept for this step, for people to judge, each with what to look for; of a check only those of its
 * last answer. Of a step that passed there is nothing to judge: they are on the drill's page.
 */
export function pictures(state: DrillState, { step, observation, status }: StepState): readonly CardJson[] {
  if (status === "passed") return [];
  const answer = JSON.stringify(observation?.result ?? null);
  const kept = state.attachments.filter((file) => file.by === null && file.step === step.id && file.mediaType.startsWith("image/") && (step.kind !== "check" || answer.includes(file.sha256)));
  const rest = kept.slice(mostShown);
  if (kept.length === 0) return [];
  return [
    text(pictureTexts.whatTheyShow, { spacing: "Medium" }),
    ...kept.slice(0, mostShown).flatMap(pictureParts),
    ...(rest.length === 0 ? [] : [small(pictureTexts.more(rest.length, rest.slice(0, 20).map((file) => plain(file.name, 80))))]),
  ];
}

function pictureParts({ name, sha256 }: Attachment): readonly CardJson[] {
  return [
    { type: "Image", url: `${pictureScheme}${sha256}`, altText: pictureTexts.instead(plain(name, 100)), size: "Stretch", spacing: "Small" },
    small(plain(name, 100), { spacing: "None" }),
  ];
}
