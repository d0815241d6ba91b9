import type { LiveVerdict } from "../../evidence/live-verify.ts";
import { html } from "../../evidence/report/markup.ts";
import { list } from "../../evidence/report/pieces.ts";
import { json, type WebReply } from "../reply.ts";
import { auditorPage, drillNav, type Reader } from "./shell.ts";

function saidVerdict({ status, problem, events, checkpoint }: LiveVerdict): string {
  if (status === "broken") return `BROKEN: ${problem}`;
  const signed = checkpoint === null ? "no signed checkpoint lies over it yet" : `event ${checkpoint.event} lies under the checkpoint of ${checkpoint.time.slice(0, 19).replace("T", " ")} UTC, signed with ${checkpoint.signer === "local key" ? "a local key" : checkpoint.signer}`;
  return `Intact: all ${events} events follow from the first, and ${signed}.`;
}

/** For the page's script as JSON, for people as a page. */
export function verifyReply(drill: string, verdict: LiveVerdict, wantsJson: boolean, reader: Reader | null): WebReply {
  const said = saidVerdict(verdict);
  if (wantsJson) return json(200, { ...verdict, said });
  const body = html`${drillNav(drill, "summary")}<h1>Does the evidence of ${drill} hold?</h1>
<p class="${verdict.status === "intact" ? "holds" : "against"}">${said}</p>${list(verdict.remarks)}
<p>Head of the chain: <code>${verdict.head}</code></p>
<p class="dim">This was computed now, by the machine that holds the evidence. To believe it without that machine, download the bundle and check it with a key that reached you another way.</p>`;
  return auditorPage(200, { title: `${drill} verified`, rehearsal: false, reader, body });
}
