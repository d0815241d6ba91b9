import { z } from "zod";
import type { Observation, Preview } from "../../src/drills/events.ts";
import type { Action, Check, Progress } from "../../src/drills/ports.ts";

export const passed: Observation = { verdict: "passed", summary: "all is well", diagnosis: [], result: {} };
export const failed: Observation = { verdict: "failed", summary: "web-02 is down", diagnosis: ["Start it."], result: {} };

export const running: Progress = { state: "running", summary: "1 of 3 servers", tasks: [], servers: [], problems: [], nextLookMs: 1000 };
export const succeeded: Progress = { ...running, state: "succeeded", summary: "3 of 3 servers" };

/** An action whose every answer a test can choose, and which counts what was really sent. */
export function fakeAction(type: string, undo: string | null): Action & {
  starts: { tag: string; sendBy: Date }[];
  looks_: number;
  preview_: () => Preview;
  start_: () => Promise<{ handle: string }>;
  find_: () => Promise<{ handle: string } | null>;
  follow_: () => Progress;
  needed_: () => boolean;
  resumed: { pause: string; comments: string }[];
  resume_: () => Promise<void>;
} {
  const fake = {
    starts: [] as { tag: string; sendBy: Date }[],
    looks_: 0,
    preview_: (): Preview => ({ action: type, targets: [{ id: "/vm/1", name: "web-01" }], planDigest: "p1", recoveryPointRule: "latest", undo: undo ?? "nothing", facts: [{ label: "What happens", value: "Azure creates 1 test server from its replica" }, { label: "From when", value: "latest processed recovery point, at most 15 min old" }, { label: "Undo", value: undo ?? "nothing takes it back" }] }),
    start_: async (): Promise<{ handle: string }> => ({ handle: `job-${fake.starts.length}` }),
    find_: async (): Promise<{ handle: string } | null> => null,
    follow_: (): Progress => succeeded,
    needed_: (): boolean => true,
    resumed: [] as { pause: string; comments: string }[],
    resume_: async (): Promise<void> => undefined,
    async resume(_handle: string, _input: unknown, pause: string, comments: string) {
      fake.resumed.push({ pause, comments });
      return fake.resume_();
    },
    facts: { type, summary: "", schema: z.unknown(), undo, settlingMs: 5_000, permissions: [] },
    preview: async () => fake.preview_(),
    needed: async () => ({ needed: fake.needed_(), why: "nothing is there" }),
    async start(_input: unknown, send: { tag: string; sendBy: Date }) {
      fake.starts.push({ tag: send.tag, sendBy: send.sendBy });
      return fake.start_();
    },
    find: async () => fake.find_(),
    follow: async () => fake.follow_(),
    undoInput: () => ({ undo: true }),
  };
  return fake;
}

export function fakeCheck(): Check & { observe_: () => Observation; looks: number } {
  const fake = {
    looks: 0,
    observe_: (): Observation => passed,
    facts: { type: "fake-check", summary: "", schema: z.unknown(), permissions: [] },
    async observe() {
      fake.looks += 1;
      return fake.observe_();
    },
  };
  return fake;
}
