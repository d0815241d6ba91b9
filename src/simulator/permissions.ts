import { armError, list } from "./arm-answer.ts";
import type { ArmAnswer, ArmRequest } from "./arm-answer.ts";
import type { Estate, Grant } from "./estate.ts";

const everything: readonly Grant[] = [{ actions: ["*"] }];
const suffix = /\/providers\/Microsoft\.Authorization\/permissions$/i;

/** What whoever asks may do at a scope, as Authorization lists it; null when the path asks something else. */
export function permissionsAnswer({ method, url }: Pick<ArmRequest, "method" | "url">, estate: Estate): ArmAnswer | null {
  if (method !== "GET" || !suffix.test(url.pathname)) return null;
  const scope = url.pathname.replace(suffix, "").replaceAll(/\/{2,}/g, "/");
  return list(grantsAt(estate, scope).map(({ actions, notActions }) => ({ actions: [...actions], notActions: [...(notActions ?? [])], dataActions: [], notDataActions: [] })));
}

/** The answer to a request that no grant of the estate covers; null when it may be made. */
export function refusedFor({ method, url, clientRequestId }: Pick<ArmRequest, "method" | "url" | "clientRequestId">, estate: Estate): ArmAnswer | null {
  if (estate.grants === undefined) return null;
  const path = decodeURIComponent(url.pathname);
  const action = actionOf(method, path);
  const allowed = grantsAt(estate, path).some(({ actions, notActions }) => actions.some((one) => covers(one, action)) && !(notActions ?? []).some((one) => covers(one, action)));
  if (allowed) return null;
  return armError(403, "AuthorizationFailed", `The client '${guessedClient}' with object id '${guessedClient}' does not have authorization to perform action '${action}' over scope '${path}' or the scope is invalid. If access was recently granted, please refresh your credentials. (${clientRequestId})`);
}

const guessedClient = "11111111-2222-4333-8444-555555555555";

/** The action that Resource Manager asks for before a request: the types of the path, then read, write, delete or the verb. */
function actionOf(method: string, path: string): string {
  const parts = /\/providers\/(.+)$/i.exec(path)?.[1]?.split("/") ?? [];
  if (parts.length === 0) return path.includes("/resourceGroups") ? "Microsoft.Resources/subscriptions/resourceGroups/read" : "Microsoft.Resources/subscriptions/read";
  const [provider = "", ...rest] = parts;
  const types = rest.filter((_, index) => index % 2 === 0);
  const verb = { GET: "read", PUT: "write", PATCH: "write", DELETE: "delete" }[method];
  return [provider, ...types, verb ?? "action"].join("/");
}

function grantsAt({ grants }: Estate, path: string): readonly Grant[] {
  return (grants ?? everything).filter(({ scope }) => scope === undefined || `${path.toLowerCase()}/`.startsWith(`${scope.toLowerCase()}/`));
}

function covers(granted: string, action: string): boolean {
  const pattern = granted.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)).join(".*");
  return new RegExp(`^${pattern}$`, "i").test(action);
}
