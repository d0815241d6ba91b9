import { createHash } from "node:crypto";
import { warned, wordsOf, type Shown } from "../dialogs/card.ts";
import { draw, evidenceOn, surfacesOf } from "../dialogs/surfaces.ts";
import type { DrillStore } from "../drills/ports.ts";
import type { Runner } from "../drills/runner.ts";
import { stepOf, type DrillState } from "../drills/state.ts";
import { asDrillbookError, DrillbookError } from "../errors.ts";
import { isRecord } from "../runbooks/json.ts";
import type { Json } from "../runbooks/runbook.ts";
import type { Addresses } from "./addresses.ts";
import type { Conversation, Transport } from "./message.ts";
import { chatUnreachable, peopleToReach, personalSurface, personalSurfacesOf, undelivered } from "./personal-surfaces.ts";
import { stamped } from "./stamp.ts";
import type { SurfaceRow, SurfaceStore } from "./surface-store.ts";
import { sendRefusals } from "../texts/notices.ts";

export type NotifierParts = {
  readonly runner: Runner;
  /** Whether this process shows the drill: of several replicas only the one that has it does. */
  readonly mine: (drill: string) => boolean;
  readonly transport: Transport;
  readonly surfaces: Pick<SurfaceStore, "surfaces" | "putSurface" | "shownUpTo">;
  readonly addresses: Pick<Addresses, "newest" | "personal" | "reader" | "account" | "heardIn" | "isIn" | "lookUp">;
  readonly blobs: Pick<DrillStore, "putBlob">;
  readonly clock: () => Date;
  /** Least time between two edits of one drill's cards, in milliseconds. */
  readonly editEveryMs: number;
  readonly after: (ms: number, callback: () => void) => () => void;
  readonly transcriptUrl: (drill: string) => string | null;
  /** What the final card says of the drill's evidence; absent: nothing. */
  readonly finalLine?: (state: DrillState) => Promise<string | null>;
  /** What everybody who looks at a drill has to know of Drillbook itself; null: nothing. Absent: there never is. */
  readonly warning?: () => string | null;
  readonly onFault: (drill: string, fault: unknown) => void;
};

/** How often running times are drawn anew while Azure works, and while people are waited for. */
const tickWorkingMs = 5_000;
const tickWaitingMs = 60_000;
/** Drills whose times are drawn anew while they wait. */
const tickedMost = 500;
/** How long to wait before trying again when nothing can be sent. */
const tryAgainMs = 10_000;

type Known = {
  state: DrillState;
  busy: Promise<void> | null;
  again: boolean;
  lastEdit: number;
  shownSeq: number;
  /** Whether the operators know that the drill's chat cannot be reached. */
  told: boolean;
  cancel: () => void;
};

export type Notifier = {
  /** Brings the surfaces of these drills up to date, after a start. */
  catchUp(drills: readonly string[]): Promise<void>;
  /** Tries everything once more: a conversation has been heard from at a new address. */
  again(): void;
  stop(): Promise<void>;
};

/**
 * Brings what is shown to what should be shown: POST once, then PUT. It draws from the folded state at the moment of
 * sending, so that coalescing, order and Teams being away need no other mechanism.
 */
export function createNotifier(parts: NotifierParts): Notifier {
  const drills = new Map<string, Known>();
  let stopped = false;

  function wanted(state: DrillState): void {
    if (stopped) return;
    const known = drills.get(state.id) ?? { state, busy: null, again: false, lastEdit: 0, shownSeq: 0, told: false, cancel: () => undefined };
    known.state = state;
    drills.set(state.id, known);
    soon(state.id, 0);
  }

  function soon(drill: string, ms: number): void {
    const known = drills.get(drill);
    if (known === undefined || stopped) return;
    if (known.busy !== null) {
      known.again = true;
      return;
    }
    known.cancel();
    const pause = known.lastEdit + parts.editEveryMs - parts.clock().getTime();
    known.cancel = parts.after(Math.max(ms, Math.min(pause, parts.editEveryMs), 1), () => {
      known.busy = bring(drill).finally(() => {
        known.busy = null;
        const again = known.again;
        known.again = false;
        if (again) soon(drill, 0);
      });
    });
  }

  async function bring(drill: string): Promise<void> {
    const known = drills.get(drill);
    if (known === undefined) return;
    try {
      // Another replica has it and shows it; what has ended is the same everywhere.
      if (known.state.status !== "ended" && !parts.mine(drill)) return void drills.delete(drill);
      const { seq } = known.state;
      const edited = await bringSurfaces(parts, () => known.state);
      if (seq > known.shownSeq) await parts.surfaces.shownUpTo(drill, seq);
      known.shownSeq = seq;
      if (edited) known.lastEdit = parts.clock().getTime();
      known.told = false;
      tickAgain(known.state);
    } catch (fault) {
      parts.onFault(drill, fault);
      await tellOperators(known, fault);
      later(drill, tryAgainMs);
    }
  }

  /** A chat that the bot was thrown out of tells nobody: whoever performs the drill hears of it in person, once. */
  async function tellOperators(known: Known, fault: unknown): Promise<void> {
    if (known.told || !["not-allowed", "not-found"].includes(asDrillbookError(fault).code)) return;
    known.told = true;
    for (const { id } of known.state.roles["operator"] ?? []) {
      const address = parts.addresses.personal(id);
      if (address === null) continue;
      await parts.transport.send(address, { text: chatUnreachable(known.state), card: null }).catch((thrown: unknown) => parts.onFault(known.state.id, thrown));
    }
  }

  /** Running times change without any event. */
  function tickAgain(state: DrillState): void {
    if (state.status === "ended") {
      const known = drills.get(state.id);
      if (known !== undefined && known.state.seq === state.seq && !known.again) drills.delete(state.id);
      return;
    }
    const working = state.operations.some((o) => o.phase === "intended" || o.phase === "started");
    // Of many that wait, the oldest times are drawn anew only when something happens.
    if (!working && drills.size > tickedMost && drills.get(state.id)?.again !== true) drills.delete(state.id);
    else later(state.id, working ? tickWorkingMs : tickWaitingMs);
  }

  function later(drill: string, ms: number): void {
    const known = drills.get(drill);
    if (known === undefined || stopped) return;
    known.cancel = parts.after(ms, () => soon(drill, 0));
  }

  parts.runner.onChange(wanted);
  return {
    async catchUp(ids) {
      // One after another: there may be many, and each is read whole.
      for (const id of ids) if (!stopped) wanted(await parts.runner.state(id));
    },
    again: () => {
      for (const drill of drills.keys()) soon(drill, 0);
    },
    async stop() {
      stopped = true;
      for (const known of drills.values()) known.cancel();
      await Promise.allSettled([...drills.values()].map((d) => d.busy));
    },
  };
}

/** One pass over a drill's surfaces. True when something was sent. */
async function bringSurfaces(parts: NotifierParts, now: () => DrillState): Promise<boolean> {
  let edited = false;
  const rows = new Map((await parts.surfaces.surfaces(now().id)).map((row) => [row.surface, row]));
  await parts.addresses.lookUp(peopleToReach(now()));
  const names = [...new Set([...surfacesOf(now()), ...personalSurfacesOf(now(), idOf(now().conversation), parts.addresses), ...rows.keys()])];
  // The drill's own surfaces first: somebody who cannot be reached must not hold up what everybody sees.
  for (const surface of names.toSorted((a, b) => Number(personalSurface(a) !== null) - Number(personalSurface(b) !== null))) {
    const row = rows.get(surface) ?? null;
    if (row?.state === "retired") continue;
    edited = (await (personalSurface(surface) === null ? bringSurface : bringPersonal)(parts, now(), surface, row)) || edited;
  }
  return edited;
}

/** Whoever blocked the bot, or took it away, will not get the card by trying again: the drill's chat is told instead. */
async function bringPersonal(parts: NotifierParts, state: DrillState, surface: string, found: SurfaceRow | null): Promise<boolean> {
  try {
    return await bringSurface(parts, state, surface, found);
  } catch (thrown) {
    if (!["not-allowed", "not-found", "bad-input"].includes(asDrillbookError(thrown).code)) throw thrown;
    await parts.surfaces.putSurface({ ...(found ?? fresh(parts, state, surface, 1)), state: "retired" });
    parts.onFault(state.id, thrown);
    const person = personalSurface(surface)?.person ?? "";
    await parts.transport.send(conversationOf(parts, state, "live"), { text: undelivered(state, person, parts.addresses.personal(person) !== null), card: null });
    return true;
  }
}

async function bringSurface(parts: NotifierParts, state: DrillState, surface: string, found: SurfaceRow | null): Promise<boolean> {
  const row = found === null ? fresh(parts, state, surface, 1) : found;
  // Still `posting` here: the process died between the POST and its record. Nobody knows whether that card exists.
  const lost = row.state === "posting" || row.state === "lost";
  const live = lost ? fresh(parts, state, surface, row.generation + 1) : row;
  const person = personalSurface(surface)?.person ?? null;
  const viewer = person === null ? null : { id: person, name: "" };
  const own = personalSurface(surface)?.surface ?? surface;
  const drawn = draw(own, state, parts.clock(), parts.transcriptUrl(state.id), viewer, await evidenceOn(own, state, parts.finalLine));
  if (drawn === null) return false;
  const warning = surface === "live" && state.status !== "ended" ? (parts.warning?.() ?? null) : null;
  const card = stamped(warning === null ? drawn.card : warned(drawn.card, warning), { drill: state.id, surface, generation: live.generation }, viewersOf(parts, state, surface));
  const message = { text: wordsOf(card, person === null ? undefined : parts.addresses.reader(person)), card };
  const shownHash = sha256(JSON.stringify(message.card));
  if (live.state === "shown" && live.shownHash === shownHash) return false;
  await storeApprovalCard(parts, state, surface, message.card);
  if (live.messageId !== null && live.state === "shown") return edit(parts, state, live, message, shownHash);
  return post(parts, state, live, message, shownHash);
}

type Message = { readonly text: string; readonly card: Shown["card"] };

async function post(parts: NotifierParts, state: DrillState, row: SurfaceRow, message: Message, shownHash: string): Promise<boolean> {
  await parts.surfaces.putSurface({ ...row, state: "posting" });
  const sent = await sentOrTold(parts, state, row, message);
  // Outside of what happens to a refused message: a store that fails here must not have the same card posted as wanted again.
  await parts.surfaces.putSurface({ ...row, state: "shown", messageId: sent.messageId, shownHash, shownSeq: state.seq });
  return true;
}

async function sentOrTold(parts: NotifierParts, state: DrillState, row: SurfaceRow, message: Message): Promise<{ readonly messageId: string }> {
  try {
    return await parts.transport.send(conversationOf(parts, state, row.surface), message);
  } catch (thrown) {
    const unknown = asDrillbookError(thrown).code === "outcome-unknown";
    await parts.surfaces.putSurface({ ...row, state: unknown ? "lost" : "wanted" });
    throw thrown;
  }
}

async function edit(parts: NotifierParts, state: DrillState, row: SurfaceRow, message: Message, shownHash: string): Promise<boolean> {
  try {
    await parts.transport.update(conversationOf(parts, state, row.surface), row.messageId ?? "", message);
    await parts.surfaces.putSurface({ ...row, shownHash, shownSeq: state.seq });
    return true;
  } catch (thrown) {
    if (asDrillbookError(thrown).code !== "not-found") throw thrown;
    return post(parts, state, fresh(parts, state, row.surface, row.generation + 1), message, shownHash);
  }
}

/**
 * Approvers are shown nothing that is not kept: the card goes into the history before it goes to them. Without the list of accounts
 * for whom Teams refreshes it: nobody sees that, and it would keep people in the evidence whose records were erased.
 */
async function storeApprovalCard(parts: NotifierParts, state: DrillState, surface: string, card: Shown["card"]): Promise<void> {
  const step = stepOf(state, surface.replace(/^step:/, ""));
  if (step?.approval?.status !== "asked" || step.approval.card !== null || step.status !== "open") return;
  const sha = await parts.blobs.putBlob(new TextEncoder().encode(JSON.stringify({ ...card, refresh: undefined })));
  await parts.runner.report(state.id, { type: "shown", by: null, step: step.step.id, round: step.round, card: sha });
}

function fresh(parts: NotifierParts, state: DrillState, surface: string, generation: number): SurfaceRow {
  const personal = personalSurface(surface);
  const conversation = personal === null ? state.conversation : parts.addresses.personal(personal.person);
  return { drill: state.id, surface, generation, conversation, messageId: null, state: "wanted", shownHash: null, shownSeq: 0 };
}

/**
 * Who gets a view of their own: those with a role who are in the chat first, then whoever has been heard or is listed there. The live card changes every few seconds
 * while Azure works, and every change would be asked for once a viewer: it refreshes when somebody asks for it.
 */
function viewersOf(parts: NotifierParts, state: DrillState, surface: string): readonly string[] | null {
  if (personalSurface(surface) !== null) return null;
  if (surface === "live") return [];
  const chat = idOf(state.conversation);
  // Teams takes sixty: none of them is spent on somebody who does not see this chat.
  const roles = Object.values(state.roles).flat().map((p) => p.id).filter((id) => parts.addresses.isIn(chat, id) !== false);
  const accounts = [...roles, ...parts.addresses.heardIn(chat)].flatMap((person) => parts.addresses.account(person) ?? []);
  return accounts.length === 0 ? null : [...new Set(accounts)];
}

function conversationOf(parts: NotifierParts, state: DrillState, surface: string): Conversation {
  const personal = personalSurface(surface);
  if (personal !== null) {
    const address = parts.addresses.personal(personal.person);
    if (address === null) throw new DrillbookError("not-allowed", ...sendRefusals.noAddress);
    return address;
  }
  const remembered = isRecord(state.conversation) ? state.conversation : {};
  const id = idOf(state.conversation);
  return { id, reference: parts.addresses.newest(id, remembered["reference"] ?? null) };
}

function idOf(conversation: Json): string {
  return isRecord(conversation) && typeof conversation["id"] === "string" ? conversation["id"] : "";
}

function sha256(words: string): string {
  return createHash("sha256").update(words, "utf8").digest("hex");
}
