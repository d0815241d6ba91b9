import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Config } from "./config.ts";
import type { Clock } from "./drills/ports.ts";
import { DrillbookError } from "./errors.ts";
import { anchorsIn, type Anchor, type Anchors } from "./evidence/anchors/anchors.ts";
import { timeStamp } from "./evidence/anchors/time-stamp.ts";
import { openLocalKey, remoteKey, type SigningKey } from "./evidence/keys.ts";

/** What stands behind the evidence: who signs it, who keeps a copy of its checkpoints, and whose clock it is held against. */
export type EvidenceKeeping = {
  readonly keyFor: (rehearsal: boolean) => SigningKey;
  readonly anchors: Anchors;
  readonly clockMs: (() => Promise<number | null>) | null;
};

type Parts = Pick<Config, "data" | "azure" | "evidence">;

/** A rehearsal is signed by its own local key, is anchored nowhere and asks nobody for the time. Throws `bad-setting`. */
export async function openEvidenceKeeping({ data, azure, evidence }: Parts, clock: Clock): Promise<EvidenceKeeping> {
  const real = azure.kind === "azure" ? azure : null;
  if (real === null && (evidence.signingKey ?? evidence.timestampUrl ?? evidence.anchorContainer) !== null) {
    throw new DrillbookError("bad-setting", "DRILLBOOK_SIGNING_KEY, DRILLBOOK_TIMESTAMP_URL and DRILLBOOK_ANCHOR_CONTAINER are for real drills, and DRILLBOOK_AZURE is simulator.", "Remove them, or set DRILLBOOK_AZURE to azure.");
  }
  const vault = real === null || evidence.signingKey === null ? null : await vaultKey(evidence.signingKey, data, real);
  const local = new Map<boolean, SigningKey>();
  const localKey = (rehearsal: boolean): SigningKey => {
    const opened = local.get(rehearsal) ?? openLocalKey(data, { rehearsal });
    local.set(rehearsal, opened);
    return opened;
  };
  const keyFor = (rehearsal: boolean): SigningKey => (rehearsal || vault === null ? localKey(rehearsal) : vault);
  return { keyFor, anchors: anchorsIn(join(data, "anchors"), await anchorsOf(evidence, real)), clockMs: real === null ? null : await azureClock(real, clock) };
}

type Real = Extract<Config["azure"], { kind: "azure" }>;

async function vaultKey(identifier: string, data: string, { cloud }: Real): Promise<SigningKey> {
  const { realCredential } = await import("./azure/credentials.ts");
  const { openVaultKey } = await import("./azure/key-vault-signer.ts");
  return remoteKey(data, await openVaultKey(identifier, realCredential({ cloud })));
}

async function anchorsOf({ timestampUrl, anchorContainer }: Config["evidence"], real: Real | null): Promise<readonly Anchor[]> {
  const anchors: Anchor[] = [];
  if (timestampUrl !== null) anchors.push({ file: "anchor.tsr", keep: (note) => timeStamp(note, (request) => askAuthority(timestampUrl, request), randomBytes(8)) });
  if (anchorContainer !== null && real !== null) {
    const { blobAnchor } = await import("./azure/blob-anchor.ts");
    const { realCredential } = await import("./azure/credentials.ts");
    anchors.push({ file: "anchor.json", keep: blobAnchor(anchorContainer, realCredential({ cloud: real.cloud })) });
  }
  return anchors;
}

/** Throws `bad-input` for a refusal and for what is too large to be a time stamp; without an answer within ten seconds, what `fetch` throws. */
export async function askAuthority(url: string, request: Uint8Array): Promise<Uint8Array> {
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/timestamp-query" }, body: Buffer.from(request), redirect: "error", signal: AbortSignal.timeout(10_000) });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (answer.ok && bytes.length < 1 << 16) return bytes;
  throw new DrillbookError("bad-input", `The time-stamping authority answered ${answer.status} with ${bytes.length} bytes.`, "Look at DRILLBOOK_TIMESTAMP_URL.");
}

async function azureClock({ cloud }: Real, clock: Clock): Promise<() => Promise<number | null>> {
  const { azureClockOffset } = await import("./azure/azure-clock.ts");
  const { clouds } = await import("./azure/cloud.ts");
  return () => azureClockOffset(`https://${clouds[cloud].host}/`, clock);
}
