import { z } from "zod";
import type { CheckFacts } from "../../runbooks/catalogue.ts";
import type { Json } from "../../runbooks/runbook.ts";
import { durationText } from "../../runbooks/duration-text.ts";
import { refusal } from "./guard.ts";
import { parseRanges } from "./ranges.ts";
import { parseTarget } from "./target.ts";
import { findView, viewNames } from "./views.ts";

const one = (value: unknown) => (value === undefined || Array.isArray(value) ? value : [value]);
const text = (value: unknown) => (typeof value === "number" ? String(value) : value);

const viewName = z.string().refine((name) => viewNames.includes(name), { error: `Name one of: ${viewNames.join(", ")}.` });

// A line break or a space here would become a header of its own in the request.
const hostName = z.string().regex(/^[a-z0-9_.-]{1,253}(:\d{1,5})?$/i, { error: "Write a host name, such as payroll.contoso.example." });

const target = z.string().superRefine((url, context) => {
  const parsed = parseTarget(url);
  if ("problem" in parsed) context.addIssue({ code: "custom", message: parsed.problem });
});

/** Body of a `check http` block. Parsing is idempotent: what comes out may be parsed again. */
export const httpInput = z
  .strictObject({
    as: z.preprocess(one, z.array(viewName).min(1).max(8)),
    from: z.string({ error: "Say where to ask from: bot, or the name of a test server." }).min(1).max(64),
    targets: z.preprocess(one, z.array(target).min(1, { error: "Name at least one target URL." }).max(32)),
    host: z.preprocess(one, z.array(hostName).min(1).max(8)).optional(),
    method: z.enum(["GET", "HEAD", "OPTIONS"], { error: "A check only reads: GET, HEAD or OPTIONS." }).optional(),
    expect: z
      .strictObject({
        status: z.preprocess(text, z.string().refine((s) => parseRanges(s) !== null, { error: "Write status codes such as 200 or 200-299,401." })).optional(),
        contains: z.string().min(1).max(500).optional(),
      })
      .optional(),
    timeout: durationText({ min: 1000, max: 60_000 }).default("5s"),
    compare: z.preprocess(one, z.array(viewName).max(8)).optional(),
    script: z.enum(["powershell", "posix"]).default("powershell"),
  })
  .superRefine((input, context) => {
    const first = input.as[0] ?? "";
    const view = findView(first, input.host !== undefined);
    if (!view && viewNames.includes(first)) {
      context.addIssue({ code: "custom", path: ["host"], message: `${first} sends a Host header: say which, for example host: payroll.contoso.example.` });
    }
    if (view && input.expect?.contains !== undefined && (input.method ?? view.form.method) === "HEAD") {
      context.addIssue({ code: "custom", path: ["expect", "contains"], message: `${first} asks HEAD, which never brings a body: add method: GET.` });
    }
  });

export type HttpInput = z.infer<typeof httpInput>;

/** What the compiler knows of `check http`. */
export const httpCheckFacts: CheckFacts = {
  type: "http",
  summary: "Asks web servers as a load balancer or a browser does, from the bot or from a test server",
  schema: httpInput,
  permissions: ["Microsoft.Compute/virtualMachines/read", "Microsoft.Compute/virtualMachines/runCommands/read", "Microsoft.Compute/virtualMachines/runCommands/write", "Microsoft.Compute/virtualMachines/runCommands/delete"],
  lint: lintVantage,
};

type LintFault = { readonly path: readonly (string | number)[]; readonly message: string; readonly suggestion: string };

/** An isolated network is one that the bot cannot reach: a private address asked from the bot proves nothing. */
function lintVantage(input: Json): readonly LintFault[] {
  const read = httpInput.safeParse(input);
  if (!read.success || read.data.from !== "bot") return [];
  return read.data.targets.flatMap((url, index) => {
    const parsed = parseTarget(url);
    const why = "problem" in parsed ? null : refusal(parsed.address, { allowPrivate: false });
    if ("problem" in parsed || why === null || why === "not an address") return [];
    return [{
      path: ["targets", index],
      message: `${parsed.name} cannot be asked from the bot: it is ${why}, and an isolated network is one that the bot cannot reach.`,
      suggestion: "Set from: to the name of a test server inside that network.",
    }];
  });
}
