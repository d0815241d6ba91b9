import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { auditorParts } from "./auditor-parts.ts";
import { createAddresses, isPersonal } from "./bot/addresses.ts";
import { createBot } from "./bot/bot.ts";
import { createChat } from "./bot/commands/chat.ts";
import { createLaunching } from "./bot/commands/launching.ts";
import type { TeamsDoorOptions } from "./bot/door/teams-door.ts";
import type { Answer, ChatOpening, Conversation, Inbound, Transport } from "./bot/message.ts";
import { createNotifier } from "./bot/notifier.ts";
import { createRoster } from "./bot/roster.ts";
import type { TransportTiming } from "./bot/transport.ts";
import { drillHistory } from "./checks/drill-history.ts";
import { catalogueFor, means, openAzure, resourcesHere, viewsWith, type AzureSide } from "./composition.ts";
import { checkoutOf } from "./checkout/git.ts";
import { childCompiler } from "./compiling/child-compiler.ts";
import { childSettings, type ChildSettings } from "./compiling/messages.ts";
import { secretsOf, type Config } from "./config.ts";
import type { Person } from "./drills/events.ts";
import type { CrashPoint } from "./drills/perform.ts";
import { createRunner } from "./drills/runner.ts";
import type { DrillState } from "./drills/state.ts";
import { finalCardLine } from "./evidence/anchors/final-card.ts";
import { openEvidenceKeeping } from "./evidence-keeping.ts";
import { qualifiedProviders } from "./evidence/qualification.ts";
import { launchParts } from "./launch-parts.ts";
import type { Membership } from "./people/membership.ts";
import { resolveRolesNow } from "./people/people.ts";
import { createStanding } from "./people/standing.ts";
import { awaitedLibrary } from "./runbooks/awaited-library.ts";
import { lastGoodIn } from "./runbooks/last-good.ts";
import { redactor } from "./redaction.ts";
import { runbookFiles } from "./runbooks/runbook-files.ts";
import { openLibrary } from "./runbooks/runbook-library.ts";
import type { PastDrill } from "./coverage/past-drill.ts";
import { readCoverage } from "./coverage/read-coverage.ts";
import { scheduledWork } from "./bot/scheduled.ts";
import { scheduler } from "./wakeups/scheduler.ts";
import { runLog } from "./running-log.ts";
import { makeDataFolder } from "./storage/data-folder.ts";
import { openRunningStore, openStore } from "./storage/open.ts";
import type { Log } from "./telemetry.ts";
import { telemetry } from "./tracing.ts";
import { serveAuditorPages, type Admission } from "./web/auditor/pages.ts";
import { serveMessages } from "./web/messages-route.ts";
import { proveClosed } from "./web/self-probe.ts";
import { openServer, type WebServer } from "./web/server.ts";
import { auditorSignIn, directoryOf, openLocalConsole, teamsDoor } from "./ways-in.ts";

/** A bot that runs; `stop` lets go of everything in the reverse order. */
export type Running = {
  readonly server: WebServer;
  /** The console's one-time address; null when people come through Teams. */
  readonly link: string | null;
  stop(): Promise<void>;
};

export type StartOptions = {
  readonly config: Config;
  readonly log: Log;
  readonly onLinkUsed: (next: string) => void;
  /** Who is in the groups that Entra fills, instead of asking Microsoft Graph. */
  readonly membership?: Membership;
  /** Where tokens come from and go to, instead of the public cloud and the registration's own credentials. */
  readonly teams?: Pick<TeamsDoorOptions, "cloud" | "credentials">;
  /** An Azure that is already there, instead of the one that the configuration names. */
  readonly azure?: AzureSide;
  /** How long after its intent a write may still be sent, in milliseconds. */
  readonly sendWithinMs?: number;
  /** How long whoever posted waits for a reply, in milliseconds; what takes longer is answered in the conversation. */
  readonly replyWithinMs?: number;
  /** Least time between two edits of one drill's cards, in milliseconds; Teams counts every edit as a message. */
  readonly editEveryMs?: number;
  /** What time it is for drills and schedules; sign-ins go by the machine's clock. */
  readonly clock?: () => Date;
  /** Calls back once after so many milliseconds; what it answers cancels that. */
  readonly after?: (ms: number, callback: () => void) => () => void;
  /** How time passes between two requests to the channel. */
  readonly sendTiming?: TransportTiming;
  /** Tests stop the process at a boundary of an effect. */
  readonly crashPoint?: (name: CrashPoint) => void;
};

const wallClock = (): Date => new Date();

/** Cards that changed while nobody ran are brought up to date after so long, in milliseconds: after whoever waited at the door. */
const catchUpAfterMs = 250;

/** How long a stop may take, in milliseconds; what is traced has three seconds more, and whoever asked kills after half a minute. */
const stopWithinMs = 21_000;

/** What must be let go when Drillbook stops, the last taken first. */
type Releases = (() => Promise<void> | void)[];

/**
 * Starts Drillbook and takes up every drill where it was. Throws `port-taken`, `store-busy`, `store-newer` or `bad-setting`,
 * having let go of whatever it had taken.
 */
export async function start(options: StartOptions): Promise<Running> {
  const releases: Releases = [];
  const letGo = async (): Promise<void> => {
    for (const release of releases.splice(0).toReversed()) await release();
  };
  // Whoever asked for the end kills after half a minute: what hangs is left as a kill would leave it.
  const stop = (): Promise<void> =>
    Promise.race([letGo(), new Promise<void>((resolve) => void setTimeout(resolve, stopWithinMs).unref())]);
  try {
    return { ...(await open(options, releases)), stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

async function open(options: StartOptions, releases: Releases): Promise<Omit<Running, "stop">> {
  const { config, log, onLinkUsed, clock = wallClock, after = byTimer } = options;
  let ready = false;
  const access = config.console ? "loopback" : "public";
  const server = await openServer({ host: config.host, port: config.port, access, ready: () => ready, log });
  releases.push(() => server.close());

  const known = Promise.withResolvers<ChildSettings>();
  const compiling = childCompiler({ script: new URL("./compile-child.ts", import.meta.url), settings: known.promise, withinMs: 30_000, heapMb: 256 });
  releases.push(() => compiling.close());
  makeDataFolder(config.data);
  const onFault = (drill: string, fault: unknown): void => log.error({ drill, err: fault }, "something failed that should not");
  const { store, wakeups } = await openRunningStore(config, { clock, after, onFault });
  releases.push(() => store.close());
  const keeping = await openEvidenceKeeping(config, clock);
  const { keyFor } = keeping;
  let heardAnew = (): void => undefined;
  const evidenceLog = await runLog({ store, data: config.data, keeping, clock, after, onFault: (fault) => log.error({ err: fault }, "the evidence log could not be written"), onHealth: () => heardAnew() });
  releases.push(() => evidenceLog.stop());

  const side = options.azure ?? (await openAzure(config.azure, config.data, clock));
  releases.push(() => side.close());
  const here = { ...config, resources: await resourcesHere(config.resources, side) };
  known.resolve(childSettings(here));
  // A folder that cannot be read ends the start; what lies in it compiles meanwhile, and drills under way do not wait for it.
  await runbookFiles.list(config.runbooks, false);
  const library = awaitedLibrary(openLibrary(config.runbooks, {
    compiler: compiling.compile,
    lastGood: lastGoodIn(join(config.data, "last-good")),
    checkout: (file, bytes) => checkoutOf(config.runbooks, file, bytes),
  }));

  const simulated = config.azure.kind === "simulator";
  // Read each time: a qualification that is made while the bot runs counts at once.
  const qualified = (): ReadonlySet<string> => qualifiedProviders(config.data, keyFor(false));
  const { actions, checks } = means(side, clock, config.runbooks, viewsWith(config.profiles), (provider) => qualified().has(provider), drillHistory(store, simulated));
  const membership = options.membership ?? (await directoryOf(config));
  const runner = createRunner({
    store, wakeups, actions, checks, clock, after, onFault,
    standing: createStanding(config.people, membership),
    watch: telemetry(),
    clean: redactor(secretsOf(config)),
    uptime: () => performance.now(),
    newId: randomUUID,
    sendWithinMs: options.sendWithinMs ?? (simulated ? 10_000 : 30_000),
    crashPoint: options.crashPoint ?? (() => undefined),
    signedUpTo: (drill) => store.log.signedUpTo("drills", drill),
  });
  releases.push(() => runner.stop());

  const launching = createLaunching({ runner, ...launchParts({ config, side, actions, checks, catalogue: catalogueFor(here), library, store, membership, qualified, clock }) });
  const pastDrills = new Map<string, PastDrill>();
  const coverage = () => readCoverage({ known: pastDrills, store, estate: side.azure.estate, reader: side.azure.reader, boots: side.azure.boots, runbooks: library.launchable, now: clock() }, { signal: AbortSignal.timeout(20_000), record: () => undefined });
  const transcriptUrl = (drill: string): string | null => (config.console ? `${server.origin}/drills/${drill}` : config.auditor === null ? null : `${config.auditor.publicUrl}/drills/${drill}`);
  const finalLine = (state: DrillState): Promise<string | null> => finalCardLine(store, state.id, keyFor(state.mode === "rehearsal"));
  const chat = createChat({ runner, drills: () => store.list(), launching, surfaces: store, coverage, personOf: (account) => addresses.personOf(account), clock, transcriptUrl, finalLine, warning: evidenceLog.fault });

  const beside = await openStore(config, { readOnly: true });
  releases.push(() => beside.close());
  const pages = auditorParts({ store: beside, keeping, running: evidenceLog, data: config.data, clock });
  const openPages = (admit: Admission): Promise<void> => serveAuditorPages(server, pages, admit);
  const entry = config.console ? await openLocalConsole(config, server, openPages, onLinkUsed, releases) : { door: await teamsDoor(config, options.teams), link: null, conversation: null };
  if (config.auditor !== null) await openPages(await auditorSignIn(config.auditor, config.data, server, clock, log));

  const unkept = (fault: unknown): void => onFault("", fault);
  const addresses = createAddresses(await store.addresses(), {
    keep: (person, conversation) => void store.putAddress(person, conversation).catch(unkept),
    drop: (person, at) => void store.dropAddress(person, at).catch(unkept),
    read: (people) => store.addresses(people),
    now: () => performance.now(),
  });
  if (entry.conversation !== null) {
    addresses.learn({ conversation: entry.conversation, person: null });
    for (const person of config.people.people) addresses.learn({ conversation: entry.conversation, person, account: person.id });
  }
  const answer = (inbound: Inbound): Promise<Answer> => {
    if (addresses.learn(inbound)) heardAnew();
    void roster.look(inbound.conversation);
    return withWarning(chat(inbound), inbound.kind === "text" ? evidenceLog.fault() : null);
  };
  const onInstalled = (person: Person, conversation: Conversation, there: boolean): void => {
    // Whoever takes the app out of a team still has it in their own chat.
    if (!there) return isPersonal(conversation) ? addresses.forget(person.id) : undefined;
    if (addresses.learn({ person, conversation })) heardAnew();
  };
  const bot = createBot({ door: entry.door, answer, log, seen: store, kept: (sha256) => store.blob(sha256), clock, onInstalled, ...(options.sendTiming === undefined ? {} : { sendTiming: options.sendTiming }), ...(options.replyWithinMs === undefined ? {} : { replyWithinMs: options.replyWithinMs }) });
  const roster = createRoster({ transport: bot.transport, addresses, now: () => performance.now(), onMet: () => heardAnew(), onFault: (conversation, fault) => log.warn({ conversation, err: fault }, "who is in a chat could not be asked") });
  releases.push(() => bot.idle());
  serveMessages(server, bot);
  if (!config.console) await proveClosed(server.origin);
  await takeUpDrills(bot.transport);
  ready = true;
  return { server, link: entry.link };

  async function takeUpDrills(through: Transport & ChatOpening): Promise<void> {
    const notifier = createNotifier({ runner, mine: (drill) => wakeups.has(drill), transport: through, surfaces: store, addresses, blobs: store, clock, editEveryMs: options.editEveryMs ?? 2_000, after, transcriptUrl, finalLine, warning: evidenceLog.fault, onFault });
    releases.push(() => notifier.stop());
    heardAnew = notifier.again;
    await runner.start();
    keepSchedules(through);
    if (!wakeups.shared) releases.push(after(catchUpAfterMs, () => void store.behind().then(notifier.catchUp).catch((fault: unknown) => onFault("", fault))));
  }

  /** Every process looks at the schedules; claims in the store say which of them does what is due. */
  function keepSchedules(through: Transport): void {
    const people = {
      // The console is one conversation, and everybody is reached there.
      personal: (id: string) => addresses.personal(id) ?? entry.conversation,
      reader: addresses.reader,
      account: addresses.account,
      refresh: async () => addresses.add(await store.addresses()),
    };
    const act = scheduledWork({ launching, runbook: library.get, roles: (runbook) => resolveRolesNow(runbook.roles, config.people, membership), drills: () => store.list(), transport: through, addresses: people, onFault });
    const schedules = scheduler({ store: store.schedules, scheduled: library.scheduled, act, clock, after, onFault });
    schedules.start();
    releases.push(() => schedules.stop());
  }
}

/** What everybody who types should know comes after what they asked for. */
async function withWarning(answered: Promise<Answer>, warning: string | null): Promise<Answer> {
  const answer = await answered;
  return warning === null ? answer : { ...answer, messages: [...answer.messages, { text: warning, card: null }] };
}

function byTimer(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}
