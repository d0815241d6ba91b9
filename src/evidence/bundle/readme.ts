import type { SigningKey } from "../keys.ts";
import type { Mode } from "../../runbooks/runbook.ts";

/** The text that greets whoever unpacks a bundle with nothing but standard tools at hand. */
export function readmeText(drill: string, mode: Mode, signer: SigningKey["kind"]): string {
  return `${mode === "rehearsal" ? "REHEARSAL on simulated Azure. This drill does not count as a test of anything real.\n\n" : ""}Evidence of drill ${drill}

report.html    what happened, to be read first, in any browser
report.json    the same for programs
timeline.csv   every event, a line each, for spreadsheets
events.jsonl   every event of the drill from the first, one a line, as canonical JSON (RFC 8785)
heads.txt      the head of the hash chain after each of those lines
drill.json     what the events say in a few fields
requests.jsonl every request to Azure with the ids by which Azure's own logs find it, and the event that tells of it
runbook.md     the runbook as it was run
checkpoint.txt signed head of the log of all drills (C2SP signed note), and
inclusion.txt  the way from this drill's head to it (both only once a checkpoint was signed)
leaves.txt     every entry of that log as a hash, to hold an earlier checkpoint against this one
records.jsonl  who the people are that the events name by reference, and what they wrote
verify_bundle.py  checks all of this with Python alone; who distrusts this bundle takes it from elsewhere
blobs/         what events and records name by SHA-256: approval cards as they were stored before they were sent, attached
               files, what tools printed, the scripts that were run, runbooks that this one includes
manifest.txt   name, size and SHA-256 of every other file
manifest.sig   signature over manifest.txt: ECDSA P-256 with SHA-256, DER, base64
key.pem        the public key that belongs to it

Verify everything:

  drillbook verify <this bundle>.zip --key <public key you were given>

Whoever was in the drill's chat: its last card names head and signing key of this evidence, once the drill has ended:

  drillbook verify <this bundle>.zip --card "<that line of the card>"

Verify signature and files with standard tools, in the unpacked folder:

  base64 -d manifest.sig > manifest.der
  openssl dgst -sha256 -verify key.pem -signature manifest.der manifest.txt
  awk '$1 == "file" { print $2 "  " $4 }' manifest.txt | sha256sum -c

and the checkpoint's own signature:

  sed '/^$/,$d' checkpoint.txt > checkpoint.signed
  tail -n 1 checkpoint.txt | cut -d ' ' -f 3 | base64 -d | tail -c +5 > checkpoint.der
  openssl dgst -sha256 -verify key.pem -signature checkpoint.der checkpoint.signed

key.pem proves nothing by itself: compare it with a key you were given another way.

What this proves: nothing in here was changed, left out or put in since it was signed, and the events were
written in this order. What it does not prove: that people or machines told the truth, or that whoever holds the
key did not write another history. ${signer === "local key" ? "The signing key is a local key, a file on the machine that ran the drill." : "The signing key lies in Azure Key Vault and never leaves it."}
`;
}
