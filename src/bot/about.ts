import { isRecord } from "../runbooks/json.ts";
import type { Json } from "../runbooks/runbook.ts";
import type { About } from "../tracing.ts";
import type { ArrivingActivity } from "./activity.ts";

/** What a trace says of an arrival: names of ours, when they have the form of one. Never who, and never what was said. */
export function aboutOf(activity: ArrivingActivity): About {
  const value = recordOf(activity.value);
  const action = recordOf(value["action"]);
  const data = recordOf(action["data"] ?? value);
  return {
    verb: named(action["verb"] ?? value["verb"], /^[a-z-]{1,30}$/u),
    drill: named(data["drill"], /^[A-Z]{3}-\d{4,9}$/u),
    step: named(data["step"], /^[a-z0-9.-]{1,200}$/u),
    chat: named(activity.conversation.conversationType, /^[A-Za-z]{1,20}$/u),
  };
}

function recordOf(value: unknown): { readonly [key: string]: Json | undefined } {
  return isRecord((value ?? null) as Json) ? (value as { readonly [key: string]: Json }) : {};
}

function named(value: unknown, form: RegExp): string | null {
  return typeof value === "string" && form.test(value) ? value : null;
}
