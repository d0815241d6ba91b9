import { z } from "zod";

/** Deeper or wider than this is no message of a person: it is refused before anything walks it recursively. */
const maxDepth = 32;
const maxNodes = 20_000;

const account = z.looseObject({
  id: z.string().min(1).max(512),
  name: z.string().max(512).nullish(),
  aadObjectId: z.string().max(64).nullish(),
  tenantId: z.string().max(64).nullish(),
});

const activitySchema = z.looseObject({
  type: z.string().min(1).max(64),
  id: z.string().max(512).nullish(),
  name: z.string().max(128).nullish(),
  channelId: z.string().min(1).max(64),
  serviceUrl: z.string().min(1).max(1024),
  timestamp: z.string().max(64).nullish(),
  text: z.string().nullish(),
  replyToId: z.string().max(512).nullish(),
  value: z.unknown().optional(),
  from: account,
  recipient: account.nullish(),
  conversation: z.looseObject({
    id: z.string().min(1).max(1024),
    tenantId: z.string().max(64).nullish(),
    conversationType: z.string().max(64).nullish(),
    isGroup: z.boolean().nullish(),
  }),
  channelData: z.looseObject({ tenant: z.looseObject({ id: z.string().max(64) }).nullish() }).nullish(),
  entities: z.array(z.looseObject({ type: z.string() })).max(200).nullish(),
  attachments: z
    .array(z.looseObject({ contentType: z.string().max(256), contentUrl: z.string().max(250_000).nullish(), name: z.string().max(512).nullish(), content: z.unknown().optional() }))
    .max(50)
    .nullish(),
  locale: z.string().max(64).nullish(),
  localTimezone: z.string().max(64).nullish(),
  action: z.string().max(64).nullish(),
  membersAdded: z.array(z.looseObject({ id: z.string() })).max(500).nullish(),
});

/** The fields of a Bot Framework activity that Drillbook reads, after their shapes were checked. Still hostile text. */
export type ArrivingActivity = z.infer<typeof activitySchema>;

/** Reads the body of a POST to the messaging endpoint; null when it is no activity that could be answered. */
export function parseActivity(body: unknown): ArrivingActivity | null {
  if (!isShallow(body)) return null;
  const parsed = activitySchema.safeParse(body);
  return parsed.success ? parsed.data : null;
}

/** Walks with its own stack: a body nested a hundred thousand deep would overflow a recursive walk. */
function isShallow(body: unknown): boolean {
  const waiting: { value: unknown; depth: number }[] = [{ value: body, depth: 0 }];
  let nodes = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    nodes += 1;
    if (next.depth > maxDepth || nodes > maxNodes) return false;
    if (typeof next.value !== "object" || next.value === null) continue;
    for (const value of Object.values(next.value)) waiting.push({ value, depth: next.depth + 1 });
  }
  return true;
}
