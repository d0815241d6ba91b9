import type { z } from "zod";
import { DrillbookError } from "../errors.ts";
import { parseYaml, type Path } from "./parse/yaml.ts";
import type { Json } from "./runbook.ts";
import { checkShape } from "./validate/shape.ts";

type Place = { readonly line: number; readonly column: number };

/** The form of a file that an operator or trainer writes. */
export type FileForm<T> = {
  readonly schema: z.ZodType<T>;
  readonly code: "bad-setting" | "bad-input";
  /** What is said of a file that has not the form and names no place for it. */
  readonly no: string;
  readonly mostBytes: number;
  /** Done to what was written before its shape is checked. */
  readonly prepare?: (value: Json, fault: FaultAt) => Json;
};

/** A fault at what a path names, with file, line and column (1-based). */
export type FaultAt = (path: Path, message: string, suggestion: string) => DrillbookError;

const top: Place = { line: 1, column: 1 };

/** A YAML or JSON file of data in its form. Throws the form's `code` for the first fault, with file, line and column, what is wrong and what to write instead. */
export function checkedFile<T>(file: string, text: string, form: FileForm<T>): { readonly data: T; readonly fault: FaultAt } {
  const faultAt = ({ line, column }: Place, message: string, suggestion: string): DrillbookError => new DrillbookError(form.code, `${file}:${line}:${column}: ${message}`, suggestion);
  const bytes = Buffer.byteLength(text);
  if (bytes > form.mostBytes) throw faultAt(top, `The file has ${bytes} bytes.`, `Keep it below ${form.mostBytes}.`);
  const { yaml, faults } = parseYaml(text, placeIn(text), { from: top, to: top });
  const [broken] = faults;
  if (!yaml) throw faultAt(broken?.range.from ?? top, broken?.message ?? "This is not YAML.", broken?.suggestion ?? "");
  const fault: FaultAt = (path, message, suggestion) => faultAt(yaml.valueAt(path).from, message, suggestion);
  const { data, faults: wrong } = checkShape(form.schema, form.prepare?.(yaml.value, fault) ?? yaml.value, yaml);
  // A misspelt key is also a missing one: the misspelling is what the reader must see.
  const first = wrong.find((one) => one.rule === "unknown-key") ?? wrong[0];
  if (data === null) throw faultAt(first?.range.from ?? top, first?.message ?? form.no, first?.suggestion ?? "");
  return { data, fault };
}

function placeIn(text: string): (offset: number) => Place {
  return (offset) => {
    const before = text.slice(0, offset).split("\n");
    return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
  };
}
