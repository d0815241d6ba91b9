import { z } from "zod";
import { durationMs } from "../duration.ts";
import { given } from "../given.ts";
import { errorAt } from "../parse/diagnostic.ts";
import type { Fault } from "../parse/diagnostic.ts";
import { roleName } from "../role.ts";
import type { OnTimeout } from "../runbook.ts";
import { checkShape } from "../validate/shape.ts";
import { commonKeys } from "./common.ts";
import type { KindInput } from "./step-kind.ts";

/** Keys of a step that waits for people, beside its own. */
export const humanKeys = {
  timeout: durationMs.optional().meta({ description: "How long people may take; then `onTimeout` says what follows. Silence is never a yes", without: "as long as they like" }),
  onTimeout: z.enum(["fail", "continue"]).optional().meta({ description: "`fail`: the step has failed, and `onFail` says what follows. `continue`: the drill goes on, and the missing answer is a deviation", without: "`fail`" }),
  escalate: roleName.optional().meta({ description: "The role that is told when the time is up", without: "nobody" }),
};

/** A block that has only these keys. */
export const humanBody = z.strictObject(humanKeys);

/**
 * The keys of a block that has no type, read with its schema; `data` is null when there is a fault, or no block. Common keys
 * are left to others.
 */
export function readBody<T>({ part, own }: KindInput, body: z.ZodType<T>): { readonly data: T | null; readonly faults: readonly Fault[] } {
  const unexpected = withoutType(part);
  if (part.block?.body == null) return { data: null, faults: unexpected };
  const { data, faults } = checkShape(body, own, part.block.body, commonKeys);
  const all = [...unexpected, ...faults, ...withoutTimeout(part, own)];
  return { data: all.length > 0 ? null : data, faults: all };
}

/** As `readBody`, for a step that need not have a block. */
export function readHuman(input: KindInput): { readonly data: Human | null; readonly faults: readonly Fault[] } {
  if (input.part.block === null) return { data: {}, faults: [] };
  const { data, faults } = readBody(input, humanBody);
  return { data: data && timeoutOf(data), faults };
}

type Human = { readonly timeoutMs?: number; readonly onTimeout?: OnTimeout; readonly escalate?: string };

/** The keys for a step that waits for people, under a step's own names; `timeoutMs` in milliseconds. What was not written is left out. */
export function timeoutOf({ timeout, onTimeout, escalate }: z.infer<typeof humanBody>): Human {
  return given({ timeoutMs: timeout, onTimeout, escalate });
}

/** Keys that say what happens when the time is up, of a step whose time is never up. */
function withoutTimeout({ block }: KindInput["part"], own: KindInput["own"]): readonly Fault[] {
  if (!block?.body || block.kind === "approval" || own["timeout"] !== undefined) return [];
  const yaml = block.body;
  return ["onTimeout", "escalate"]
    .filter((key) => own[key] !== undefined)
    .map((key) => errorAt("missing-key", yaml.keyAt([key]), "This says what follows when the time is up, and nothing says when that is.", "Add a line such as `timeout: 30m`."));
}

/** Most kinds are complete with one word: another one behind it is a misunderstanding. */
function withoutType({ block }: KindInput["part"]): readonly Fault[] {
  const [extra] = block?.words ?? [];
  if (block === null || extra === undefined) return [];
  return [errorAt("unknown-type", extra.range, `A block of kind \`${block.kind}\` has no type.`, "Leave this word out.")];
}
