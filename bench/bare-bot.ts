import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { CloudAdapter, ConfigurationBotFrameworkAuthentication, TeamsActivityHandler } from "botbuilder";
import type { AdaptiveCardInvokeResponse, TurnContext } from "botbuilder";
import type { Cloud } from "../src/bot/door/cloud.ts";
import { restify } from "../src/web/restify.ts";

// The least that a bot in botbuilder can be: it verifies the token and makes one durable commit for every press. It prints its port.

const { cloud, env } = JSON.parse(process.argv[2] ?? "{}") as { readonly cloud: Cloud; readonly env: { readonly DRILLBOOK_DATA: string } };
Object.assign(console, { error: () => undefined, warn: () => undefined });

const db = new DatabaseSync(join(env.DRILLBOOK_DATA, "bare.db"));
db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE decision (at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL) STRICT");
const insert = db.prepare("INSERT INTO decision (at, who, what) VALUES (?, ?, ?)");

class BareBot extends TeamsActivityHandler {
  override async onAdaptiveCardInvoke(context: TurnContext): Promise<AdaptiveCardInvokeResponse> {
    insert.run(new Date().toISOString(), context.activity.from.aadObjectId ?? "", JSON.stringify(context.activity.value));
    return { statusCode: 200, type: "application/vnd.microsoft.activity.message", value: "Recorded: you approved." } as unknown as AdaptiveCardInvokeResponse;
  }
}

const authentication = new ConfigurationBotFrameworkAuthentication(
  {
    ToChannelFromBotLoginUrl: cloud.loginUrl,
    ToChannelFromBotOAuthScope: cloud.oauthScope,
    ToBotFromChannelTokenIssuer: cloud.tokenIssuer,
    OAuthUrl: cloud.oauthUrl,
    ToBotFromChannelOpenIdMetadataUrl: cloud.channelMetadataUrl,
    ToBotFromEmulatorOpenIdMetadataUrl: cloud.emulatorMetadataUrl,
    CallerId: cloud.callerId,
  },
  {
    isValidAppId: async () => true,
    isAuthenticationDisabled: async () => false,
    createCredentials: async () => ({ signRequest: async <T>(outgoing: T) => outgoing }),
  },
  { requiredEndorsements: [] },
);
const adapter = new CloudAdapter(authentication);
const bot = new BareBot();
const server = restify.createServer({ name: "bare" });
server.use(restify.plugins.bodyParser());
server.post("/api/messages", async (request, response) => {
  await adapter.process(request, response, (context) => bot.run(context));
});
server.listen(0, "127.0.0.1", () => void process.stdout.write(`${String(server.address().port)}\n`));
process.on("SIGTERM", () => process.exit(0));
