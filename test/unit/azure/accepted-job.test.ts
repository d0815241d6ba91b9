import assert from "node:assert/strict";
import { acceptedJob } from "../../../src/azure/site-recovery-writer.ts";

const job = "58776d0b-3141-48b2-a377-9ad863eb160d";
const vault = "/Subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.RecoveryServices/vaults/v";
const send = { signal: new AbortController().signal, record: () => undefined, tag: "t", sendBy: new Date() };
const accepted = (headers: Readonly<Record<string, string>>, status = 202) =>
  acceptedJob({ send, sent: true, answer: { status, header: (name) => headers[name] ?? null, body: "" } });

describe("the job of an accepted POST", () => {
  it("is found in any of the three headers, the request id doubled or not", () => {
    assert.equal(accepted({ location: `https://cdm.management.azure.com${vault}/replicationRecoveryPlans/p/operationresults/${job}?api-version=2023-06-01&t=1` }), job);
    assert.equal(accepted({ "azure-asyncoperation": `https://management.azure.com${vault}/replicationOperationStatus/${job}?api-version=2` }), job);
    assert.equal(accepted({ "x-ms-request-id": `${vault}/replicationJobs/${job}, ${vault}/replicationJobs/${job}` }), job);
    assert.equal(accepted({ "x-ms-request-id": `${vault}/replicationJobs/${job}`, location: `${vault}/operationResults/${job.toUpperCase()}` }), job.toUpperCase());
  });

  it("is not made up", () => {
    assert.equal(accepted({}), null);
    assert.equal(accepted({ "x-ms-request-id": job }), null);
    assert.equal(accepted({ location: `/operationresults/${job}-2` }), null);
    assert.equal(accepted({ location: `/operationresults/${job}` }, 409), null);
    assert.equal(acceptedJob({ send, sent: true, answer: null }), null);
  });
});
