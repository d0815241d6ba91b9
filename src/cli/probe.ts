import { probe } from "../checks/http/probe-command.ts";
import { addressesOf, viewsWith } from "../composition.ts";
import { readConfig } from "../config.ts";

/** Asks as a load balancer asks, from this machine. */
export async function probeUrls(args: readonly string[]): Promise<number> {
  const views = viewsWith(readConfig(process.env).profiles);
  const { say, note, code } = await probe(args, { views, resolve: addressesOf, clock: () => new Date() });
  if (note !== "") console.error(note);
  console.log(say);
  return code;
}
