import { problemWithValue, type ValueProblem } from "./parameter-value.ts";
import type { AskedAnswer } from "./runbook.ts";

/** Why a text cannot be the answer; null when it can. `people` are the names of those who can be named. */
export function problemWithAnswer(asked: Pick<AskedAnswer, "type" | "choices">, value: string, people: readonly string[]): ValueProblem | null {
  if (value === "") return { message: "There is no answer.", suggestion: "Give one." };
  if (asked.type === "date") {
    const plain = problemWithValue({ type: "text", choices: [] }, value);
    return plain ?? (isDate(value) ? null : { message: "This is not a date.", suggestion: "Write year, month and day: 2026-11-20." });
  }
  if (asked.type === "output") return problemWithOutput(value);
  if (asked.type === "person") return problemWithValue({ type: "choice", choices: people }, value);
  const type = asked.type === "resource" ? "azure-resource" : asked.type;
  return problemWithValue({ type, choices: asked.choices }, value);
}

/** As long as a message of Teams carries; line ends and tabs belong to what a tool prints. */
const longestOutput = 20_000;

function problemWithOutput(value: string): ValueProblem | null {
  if (value.length > longestOutput) return { message: `The output has ${value.length} characters, more than ${longestOutput}.`, suggestion: "Paste the part that is asked for." };
  if (/[^\P{Cc}\n\r\t]|[\p{Bidi_C}]/u.test(value)) return { message: "The output holds invisible characters.", suggestion: "Copy it as plain text and paste it again." };
  return null;
}

/** The calendar decides: 30 February is no date. */
export function isDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const moment = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(value);
}
