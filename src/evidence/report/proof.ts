import type { Transcript } from "../transcript/transcript.ts";
import { counted } from "../../texts/words.ts";
import { html, type Html } from "./markup.ts";
import { section, short } from "./pieces.ts";

/** What stands behind a report. `signer` null: nothing is signed yet, as on a page that shows a running drill. */
export type Proof = {
  readonly head: string;
  /** Whether a place outside keeps or dates the checkpoint. */
  readonly anchored?: boolean;
  readonly signer: { readonly kind: "local key" | "Azure Key Vault"; readonly fingerprint: string; readonly publicFile: string } | null;
};

/** What stands behind the page and what it does not prove; a report that leaves the second out claims too much. */
export function proofSection(t: Transcript, proof: Proof): Html {
  const state = t.endedAt === null ? "still open: incomplete" : "complete and closed";
  return section(
    "proof",
    "Proof",
    html`<div class="proof"><p>${counted(t.events, "event")}, ${state} · head of the chain ${short(proof.head)} · ${signedBy(proof)} · ${proof.anchored === true ? "its checkpoint is anchored outside" : "not anchored outside"}</p>
<p>Verify the bundle that holds this page: <code>drillbook verify ${t.drill}.zip --key ${proof.signer?.publicFile ?? "drillbook.pub"}</code></p>
<p>${t.onHold === null ? "Kept until whoever runs Drillbook erases it; not on legal hold" : html`<b>On legal hold</b>: ${t.onHold}`}.</p>
<p class="dim small">It proves that nothing was changed, left out or put in since it was signed, and the order in which it was written. It does not prove that people or machines told the truth, or that whoever holds the key did not write another history. This page is made from the events; the events are the evidence.</p></div>`,
  );
}

function signedBy({ signer }: Proof): Html {
  if (signer === null) return html`not signed: export the bundle for that`;
  if (signer.kind === "Azure Key Vault") return html`its bundle is signed by a key in <b>Azure Key Vault</b> that never leaves it, fingerprint ${short(signer.fingerprint)}`;
  return html`its bundle is signed by a <b>${signer.kind}</b> (it shows accidents and outsiders' edits, not the operator's own), fingerprint ${short(signer.fingerprint)}`;
}
