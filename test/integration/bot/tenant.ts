import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startConnector, type FakeConnector } from "./fake-connector.ts";
import { startIssuer, type Issuer } from "./local-issuer.ts";

/** The bot's, as the tenant knows it. */
export const appId = "11111111-2222-4333-8444-555555555555";
export const tenantId = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";

/** Somebody of the tenant: who they are to Entra, and what the channel calls them. */
export type TeamsPerson = { readonly id: string; readonly name: string; readonly account: string };
export const teamsPerson = (name: string): TeamsPerson => ({ id: randomUUID(), name, account: `29:${name.toLowerCase()}` });

/** Everything around a bot in Teams, and a folder for what the bot keeps. */
export type Tenant = {
  readonly connector: FakeConnector;
  readonly issuer: Issuer;
  readonly data: string;
  /** Also after a start that failed, and more than once. */
  readonly close: () => Promise<void>;
};

/** The connector, with `members` listed in every conversation, and the token services. Whatever was opened is closed when one of them does not start. */
export async function startTenant(members: readonly TeamsPerson[]): Promise<Tenant> {
  const data = mkdtempSync(join(tmpdir(), "drillbook-tenant-"));
  const opened: (() => Promise<void> | void)[] = [() => rmSync(data, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const release of opened.splice(0).toReversed()) await release();
  };
  try {
    const connector = await startConnector();
    opened.push(() => connector.close());
    connector.members.push(...members.map(listed));
    const issuer = await startIssuer(connector.origin);
    opened.push(() => issuer.close());
    return { connector, issuer, data, close };
  } catch (fault) {
    await close();
    throw fault;
  }
}

/** Somebody as the channel lists them. */
export const listed = ({ id, account }: TeamsPerson): FakeConnector["members"][number] => ({ id: account, aadObjectId: id, tenantId });
