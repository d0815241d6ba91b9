import { DrillbookError } from "../errors.ts";

/**
 * Asks our own messaging endpoint as a stranger would. Throws `bad-setting` unless it refuses: whatever the settings
 * seemed to say, nobody may speak to the bot without proof of who they are.
 */
export async function proveClosed(origin: string): Promise<void> {
  const response = await fetch(`${origin}/api/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ type: "message" }),
    redirect: "manual",
    signal: AbortSignal.timeout(5000),
  });
  await response.body?.cancel();
  if (response.status === 401 || response.status === 403) return;
  throw new DrillbookError(
    "bad-setting",
    `The messaging endpoint answered ${response.status} to a stranger; it must refuse.`,
    "Check the bot's registration settings. Drillbook does not start open to everybody.",
  );
}
