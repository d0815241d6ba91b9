import { createHash } from "node:crypto";
import { plain } from "../../dialogs/card.ts";
import { refusePerson } from "../../drills/refusals.ts";
import { stepOfFile } from "../../dialogs/meant-step.ts";
import type { Person } from "../../drills/events.ts";
import type { DrillState, StepState } from "../../drills/state.ts";
import { fileTexts } from "../../texts/chat.ts";
import { mediaTypeOf } from "../files.ts";
import type { Answer, OfferedFile } from "../message.ts";
import { said } from "./answer.ts";
import { drillMeant } from "./meant-drill.ts";
import { drillNamed, parse } from "./parse.ts";
import type { Chatting, Of } from "./parts.ts";

/** Every file becomes an attachment of the drill that is meant, hashed as it was received. */
export async function answerFiles(parts: Chatting, inbound: Of<"files">): Promise<Answer> {
  const typed = parse(inbound.text);
  const state = await drillMeant(parts, inbound, ("drill" in typed ? typed.drill : undefined) ?? drillNamed(inbound.text));
  const lines: string[] = [];
  const step = stepOfFile(state, inbound.person, inbound.text);
  for (const file of inbound.files) lines.push(await attach(parts, state, step, inbound.person, file));
  return { ...said(lines.join("\n")), settled: true };
}

async function attach(parts: Chatting, state: DrillState, step: StepState | null, by: Person, file: OfferedFile): Promise<string> {
  const name = plain(file.name, 100);
  const about = { type: "attach", by, step: step?.step.id ?? null, name: file.name } as const;
  // Nothing is fetched for whoever may not attach it.
  const unread = { ...about, mediaType: "", size: 0, sha256: "" };
  const refusal = refusePerson(state, unread, parts.clock());
  if (refusal !== null) {
    await parts.runner.refuse(state.id, unread, refusal);
    return fileTexts.refused(name, `${refusal.message} ${refusal.suggestion}`.trim());
  }
  const bytes = await file.read();
  const mediaType = mediaTypeOf(bytes);
  if (mediaType === null) return fileTexts.notKept(name);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const command = { ...about, mediaType, size: bytes.length, sha256 };
  const { refused } = await parts.runner.command(state.id, command, [bytes]);
  if (refused !== null) return fileTexts.refused(name, `${refused.message} ${refused.suggestion}`.trim());
  const where = step === null ? state.id : fileTexts.atStep(plain(step.step.title), state.id);
  return fileTexts.kept(name, where, Math.ceil(bytes.length / 1024), mediaType, sha256.slice(0, 12));
}
