import { CloudAdapter, ConfigurationBotFrameworkAuthentication, TeamsInfo } from "botbuilder";
import type { Activity, ConversationReference, TurnContext } from "botbuilder";
import type { Door, TokenUse } from "./door/door.ts";
import { createConnectorClient } from "./connector-client.ts";
import { unheard } from "./unheard.ts";

/** A member as the channel gives them: nothing of it has been checked. */
export type ListedMember = { readonly id?: string; readonly aadObjectId?: string; readonly objectId?: string; readonly tenantId?: string };

/** A token that the SDK has verified, for one request. */
export type Verified = Awaited<ReturnType<ConfigurationBotFrameworkAuthentication["authenticateRequest"]>>;

/** Members on one page; Teams gives no more than 500. */
const membersAtOnce = 500;

/**
 * botbuilder's CloudAdapter, entered below its `process`: that one answers callers with the text of any error, prints
 * it to the console, and rejects on a body without a type before it has verified anybody.
 */
export class BotAdapter extends CloudAdapter {
  readonly #appId: string;
  readonly #door: Door;

  constructor(door: Door, deadlineMs: number) {
    const { settings, credentials, configuration } = door.authentication;
    const httpClient = createConnectorClient(door, deadlineMs);
    super(
      new ConfigurationBotFrameworkAuthentication(settings, credentials, configuration, undefined, {
        httpClient,
      }),
    );
    this.#appId = door.appId;
    this.#door = door;
  }

  /** Verifies a token before there is an activity. Throws whatever the SDK's verification throws. */
  async verify(authorization: string, use: TokenUse): Promise<Verified> {
    const activity: Partial<Activity> = use;
    return unheard(() => this.botFrameworkAuthentication.authenticateRequest(activity as Activity, authorization));
  }

  /** Runs `turn` for an activity whose channel and service URL are those that were verified. */
  async receive(verified: Verified, activity: object, turn: () => Promise<void>): Promise<void> {
    await this.processActivity(verified, activity as Activity, turn);
  }

  /** One POST of a new message; returns the id that the channel gave it. */
  async post(reference: Partial<ConversationReference>, message: Partial<Activity>): Promise<string> {
    let id = "";
    await this.#within(reference, async (context) => {
      // Not context.sendActivity: in a continued conversation it replies to an activity id that never existed.
      const [sent] = await this.sendActivities(context, [message]);
      id = sent?.id ?? "";
    });
    return id;
  }

  /** One PUT over an existing message. */
  async put(reference: Partial<ConversationReference>, message: Partial<Activity>): Promise<void> {
    await this.#within(reference, async (context) => {
      await this.updateActivity(context, message);
    });
  }

  /** One POST that opens the chat of one account with the bot, without a message; returns the id that the channel gave it. */
  async openChat({ serviceUrl = "", channelId = "", bot }: Partial<ConversationReference>, account: string, tenantId: string): Promise<string> {
    let id = "";
    const scope = String(this.#door.authentication.settings["ToChannelFromBotOAuthScope"] ?? "");
    const parameters = { isGroup: false, bot: bot ?? { id: "", name: "" }, members: [{ id: account, name: "" }], tenantId, channelData: { tenant: { id: tenantId } } };
    await this.createConversationAsync(this.#appId, channelId, serviceUrl, scope, parameters, async ({ activity }) => {
      id = activity.conversation?.id ?? "";
    });
    return id;
  }

  /** One page of the members of a conversation, and where the next begins. */
  async members(reference: Partial<ConversationReference>, from: string | undefined): Promise<{ readonly members: readonly ListedMember[]; readonly next: string | undefined }> {
    const pages: Awaited<ReturnType<typeof TeamsInfo.getPagedMembers>>[] = [];
    await this.#within(reference, async (context) => {
      pages.push(await TeamsInfo.getPagedMembers(context, membersAtOnce, from));
    });
    return { members: pages[0]?.members ?? [], next: pages[0]?.continuationToken };
  }

  /** The Authorization header that opens the channel's own addresses; null when nothing is signed here. */
  async sign(): Promise<string | null> {
    const { credentials, settings } = this.#door.authentication;
    if (this.#appId === "") return null;
    const headers = new Headers();
    const client = await credentials.createCredentials(this.#appId, String(settings["ToChannelFromBotOAuthScope"]), String(settings["ToChannelFromBotLoginUrl"]), true);
    const request: unknown = { url: "", method: "GET", headers };
    await client.signRequest(request as Parameters<typeof client.signRequest>[0]);
    return headers.get("authorization");
  }

  /** Errors are carried out by hand, because the SDK gives them to `onTurnError` and reports success. */
  async #within(reference: Partial<ConversationReference>, logic: (context: TurnContext) => Promise<void>): Promise<void> {
    const failures: unknown[] = [];
    await this.continueConversationAsync(this.#appId, reference, async (context) => {
      try {
        await logic(context);
      } catch (error) {
        failures.push(error);
      }
    });
    if (failures.length > 0) throw failures[0];
  }
}
