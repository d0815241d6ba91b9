import assert from "node:assert/strict";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { ContainerClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { blobAnchor } from "../../src/azure/blob-anchor.ts";
import { anchorsIn } from "../../src/evidence/anchors/anchors.ts";
import { exportBundle } from "../../src/evidence/export.ts";
import { openLocalKey } from "../../src/evidence/keys.ts";
import { startSequencer } from "../../src/evidence/log/sequencer.ts";
import { checkpointSigner } from "../../src/evidence/log/signer.ts";
import { verifyBundle } from "../../src/evidence/verify.ts";
import { openSqliteStore } from "../../src/storage/sqlite/open.ts";
import { filesIn } from "../unit/evidence/fixtures/files-in.ts";
import { payrollDrill } from "../unit/evidence/fixtures/payroll-drill.ts";
import { inTemporaryFolder } from "../unit/storage/sqlite/temporary.ts";
import { startAzurite, type Azurite } from "./azurite.ts";

const clock = () => new Date("2026-11-21T09:00:00.000Z");
const trusted = getCACertificates("default");
const note = Buffer.from("drillbook/drills/0123456789abcdef\n5\nroot\ntime 2026-11-21T09:00:00.000Z\nsigner local key\n\n— a b\n");

/** A token as Entra ID words one; Azurite reads audience, issuer and times, and no signature. */
function tokens(audience: string) {
  const asked: (string | readonly string[])[] = [];
  const nowS = Math.floor(Date.now() / 1000);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = `${part({ alg: "RS256", typ: "JWT" })}.${part({ aud: audience, iss: "https://sts.windows.net/7a4e7f8d-0000-4000-8000-000000000000/", iat: nowS, nbf: nowS - 60, exp: nowS + 3600 })}.c2ln`;
  return { asked, getToken: async (scopes: string | readonly string[]) => (asked.push(scopes), { token, expiresOnTimestamp: (nowS + 3600) * 1000 }) };
}

describe("checkpoints in a container of Azurite", () => {
  const folder = inTemporaryFolder();
  let azurite: Azurite;
  let container: ContainerClient;

  before(async () => {
    azurite = await startAzurite();
    setDefaultCACertificates([...trusted, azurite.certificate]);
    container = new ContainerClient(`${azurite.url}/evidence`, azurite.owner);
    await container.create();
  });
  after(async () => {
    setDefaultCACertificates(trusted);
    await azurite?.close();
  });

  const names = async (prefix: string): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const { name } of container.listBlobsFlat({ prefix })) found.push(name);
    return found;
  };
  const held = (name: string): Promise<Buffer> => container.getBlobClient(name).downloadToBuffer();
  const keep = () => blobAnchor(container.url, azurite.owner);

  it("lie there byte by byte as in the bundle, which goes on from that copy", async () => {
    const key = openLocalKey(folder.path("data"), { rehearsal: false });
    const store = openSqliteStore(folder.path("drillbook.db"), { clock });
    const anchors = anchorsIn(folder.path("anchors"), [{ file: "anchor.json", keep: keep() }]);
    const faults: unknown[] = [];
    const { events, blobs } = payrollDrill({ mode: "test" });
    await store.append({ drill: "PAY-0042", expectedSeq: 0, events, wakeAt: null, blobs: [...blobs.values()] });
    const sequencer = await startSequencer({
      store: store.log, signer: (name) => checkpointSigner(folder.path("data"), name, () => key), clock, after: () => () => undefined,
      onFault: (fault) => faults.push(fault), anchor: (text, log) => anchors.keep(text, log),
    });
    await sequencer.pass({ sign: true });
    await sequencer.stop();
    assert.deepEqual(faults, []);
    const bundle = await exportBundle(store, "PAY-0042", () => key, { anchors });
    store.close();
    const files = filesIn(bundle);
    const receipt = JSON.parse(Buffer.from(files.get("anchor.json")!).toString()) as Record<string, string>;
    const [name = "", ...others] = await names("drills/");
    assert.deepEqual(others, []);
    assert.match(name, /^drills\/[0-9a-f]{16}\/000000001-2026-11-21T090000\.000Z\.txt$/);
    assert.equal(decodeURIComponent(receipt["blob"] ?? ""), `${container.url}/${name}`);
    const copy = await held(name);
    assert.ok(copy.equals(files.get("checkpoint.txt")!));
    assert.equal((await container.getBlobClient(name).getProperties()).etag, receipt["etag"]);
    assert.deepEqual(verifyBundle(bundle, { knownKeys: [key.publicPem], earlier: [copy] }).status, "intact");
  });

  it("are never written twice under one name", async () => {
    await keep()(note, "twice");
    const [name = ""] = await names("twice/");
    const changed = Buffer.from(note.toString().replace("root", "toor"));
    await assert.rejects(keep()(changed, "twice"), { statusCode: 409, code: "BlobAlreadyExists" });
    assert.ok((await held(name)).equals(note));
  });

  it("come with a token for storage, and with no other", async () => {
    const right = tokens("https://storage.azure.com");
    await blobAnchor(container.url, right)(note, "token");
    assert.equal((await names("token/")).length, 1);
    assert.deepEqual(right.asked.flat(), ["https://storage.azure.com/.default"]);
    await assert.rejects(blobAnchor(container.url, tokens("https://management.azure.com"))(note, "other"), { code: "AuthenticationFailed" });
    const stranger = new StorageSharedKeyCredential("drillbook", Buffer.alloc(32, 8).toString("base64"));
    await assert.rejects(blobAnchor(container.url, stranger)(note, "other"), { code: "InvalidAuthenticationInfo" });
    assert.deepEqual(await names("other/"), []);
  });

  it("cannot be shown here to be immutable: Azurite knows no such policy, and deletes", async () => {
    await keep()(note, "deleted");
    const blob = container.getBlobClient((await names("deleted/"))[0] ?? "");
    const until = new Date(Date.now() + 86_400_000);
    await assert.rejects(blob.setImmutabilityPolicy({ expiriesOn: until, policyMode: "Locked" }), { statusCode: 501 });
    await blob.delete();
    assert.deepEqual(await names("deleted/"), []);
  });
});
