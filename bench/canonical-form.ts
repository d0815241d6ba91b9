import { canonicalBytes } from "../src/evidence/canonical.ts";
import type { Json } from "../src/runbooks/runbook.ts";
import { cost, nanosecondsEach } from "./figure.ts";
import type { Bench } from "./figure.ts";
import { peer } from "./peer.ts";

/** The canonical form of one progress event, against JSON.stringify to bytes, which does no sorting and no checking. */
export const canonicalForm: Bench = {
  name: "canonical-form",
  run: async (effort) => {
    const event = progressEvent(10);
    const floor = () => Buffer.from(JSON.stringify(event), "utf8");
    const other = await peer<{ canonicalize: (value: Json) => string }>("json-canonicalize");
    const theirs = other === null ? floor : () => Buffer.from(other.canonicalize(event), "utf8");
    const each = nanosecondsEach(effort, { floor, ours: () => canonicalBytes(event), theirs });
    const us = (name: string, ns: number) => cost(name, "us", ns / 1000, each.floor / 1000, 10);
    return [us("canonical form of an event with ten servers", each.ours), ...(other === null ? [] : [us("the same by json-canonicalize, unchecked", each.theirs)])];
  },
};

function progressEvent(servers: number): Json {
  const numbered = Array.from({ length: servers }, (_, i) => i);
  return {
    v: 1,
    drill: "D-2026-0001",
    seq: 17,
    at: "2026-03-01T10:00:00.000Z",
    by: null,
    type: "operation.progressed",
    operation: "start-the-test-failover#1",
    summary: `${servers} of ${servers} servers are running`,
    tasks: numbered.map((i) => ({ name: `Start virtual machine ${i}`, state: "running", startedAt: "2026-03-01T09:59:00.000Z", endedAt: null })),
    servers: numbered.map((i) => ({ name: `payroll-${i}`, outcome: "running", detail: "creating test virtual machine", testServer: null })),
    requests: [],
  };
}
