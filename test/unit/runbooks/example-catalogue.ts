import { z } from "zod";
import type { ActionFacts, Catalogue, CheckFacts } from "../../../src/runbooks/catalogue.ts";
import { compile } from "../../../src/runbooks/compile.ts";
import { noSources } from "../../../src/runbooks/include/sources.ts";
import type { Sources } from "../../../src/runbooks/include/sources.ts";
import { exampleIds } from "../../../src/runbooks/parameter-value.ts";
import { parseDuration } from "../../../src/runbooks/duration.ts";

const duration = z.string().refine((text) => parseDuration(text) !== null, { error: "This is not a duration.", params: { suggestion: "Write for example 15m." } });
const planId = z.string().regex(/\/replicationRecoveryPlans\/[^/]+$/i, { error: "This is not the id of a recovery plan." });
const armId = z.string().regex(/^\/subscriptions\//i, { error: "This is not the id of an Azure resource." });
const health = z.enum(["browser", "kemp-loadmaster", "kemp-loadmaster-1.0"]);

const check = (type: string, schema: CheckFacts["schema"], lint?: CheckFacts["lint"]): CheckFacts => ({
  type,
  summary: type,
  schema,
  permissions: [],
  ...(lint === undefined ? {} : { lint }),
});

const action = (type: string, schema: ActionFacts["schema"], more: Partial<ActionFacts> = {}): ActionFacts => ({ type, summary: type, schema, undo: null, settlingMs: 0, permissions: [], ...more });
const nothing = z.strictObject({});

/** The forms of the shipped actions and checks, and one of each named `example` whose keys test the compiler. */
export const catalogue: Catalogue = {
  checks: new Map(
    [
      check("asr-replication", z.strictObject({ plan: planId, maxRpo: duration, maxAge: duration.optional() })),
      check(
        "http",
        z.strictObject({
          as: z.union([health, z.array(health)]),
          from: z.string(),
          targets: z.array(z.string().regex(/^https?:\/\//, { error: "This is not an http address." })).min(1),
          host: z.union([z.string(), z.array(z.string())]).optional(),
          expect: z.strictObject({ status: z.union([z.number(), z.array(z.number())]).optional(), contains: z.string().optional() }).optional(),
        }),
        (input) =>
          isMap(input) && input["from"] === "bot" && JSON.stringify(input).includes("//10.50.")
            ? [{ path: ["from"], message: "The bot cannot reach an isolated network.", suggestion: "Ask from a test server, for example web-01-test." }]
            : [],
      ),
      check(
        "example",
        z.strictObject({
          text: z.string().optional(),
          list: z.array(z.string()).optional(),
          count: z.number().optional(),
          every: duration.optional(),
          plan: planId.optional(),
          options: z.record(z.string(), z.unknown()).optional(),
          nested: z.strictObject({ colour: z.enum(["red", "green"]), depth: z.strictObject({ level: z.int().max(3) }).optional() }).optional(),
        }),
      ),
      { ...check("always", nothing), canFail: () => false },
      { ...check("balanced", nothing), noticeMs: () => 90_000 },
    ].map((facts) => [facts.type, facts]),
  ),
  actions: new Map(
    [
      action(
        "asr-test-failover",
        z.strictObject({
          plan: planId,
          network: armId,
          recoveryPoint: z.enum(["latest", "latest-processed", "latest-crash-consistent", "latest-app-consistent"]).default("latest-processed"),
          keepUntil: duration.optional(),
        }),
        { undo: "asr-test-failover-cleanup" },
      ),
      action("asr-test-failover-cleanup", z.strictObject({ plan: planId })),
      action("example", z.strictObject({ text: z.string().optional() })),
      action("reversible", nothing, { undo: "take-back" }),
      action("take-back", nothing),
      action("real", nothing, { live: true }),
      action("slow", nothing, { effectMs: () => 300_000 }),
    ].map((facts) => [facts.type, facts]),
  ),
  resources: new Map([
    ["payroll-plan", exampleIds["recovery-plan"]],
    ["dr-network", exampleIds["azure-resource"]],
  ]),
  people: { groups: { one: ["a"], pair: ["a", "b"], trio: ["a", "b", "c"] }, usual: {} },
};

/** Compiles a text against the example catalogue. */
export function compileText(text: string, file = "example.md", sources: Sources = noSources) {
  return compile(new TextEncoder().encode(text), file, catalogue, sources);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object";
}
