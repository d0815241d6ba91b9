import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { getCompileCacheDir } from "node:module";
import { tooCostly } from "../runbooks/compiler.ts";
import type { Compiler, SourceFile } from "../runbooks/compiler.ts";
import type { Compiled } from "../runbooks/compile.ts";
import { mayName } from "../runbooks/include/folder.ts";
import type { ChildSettings, Reply } from "./messages.ts";

/** A compiler in a process of its own. */
export type ChildCompiler = { readonly compile: Compiler; /** Of the child that works now, for whoever watches it; null: none. */ readonly pid: () => number | null; close(): Promise<void> };

export type ChildOptions = {
  /** The script that the child runs. */
  readonly script: string | URL;
  /** May come later: what takes time is loading, which the first child does meanwhile. */
  readonly settings: ChildSettings | Promise<ChildSettings>;
  /** How long one file may take by the clock, in milliseconds: more than any needs on a busy machine. The child itself ends for using too much processor time. */
  readonly withinMs: number;
  readonly heapMb: number;
};

type Waiting = { readonly source: SourceFile; readonly beside: readonly SourceFile[]; readonly done: (compiled: Compiled) => void };
type Child = { readonly process: ChildProcess; readonly ready: Promise<boolean> };

/** How long a child may take to start: it loads every check and action there is. */
const startWithinMs = 60_000;

/**
 * One long-lived process compiles untrusted bytes, one file after the other: a file that exhausts it ends that process and
 * not this one, and the next file finds a new one. A file that was too slow is refused as such, and asked again when it is
 * read again.
 */
export function childCompiler(options: ChildOptions): ChildCompiler {
  let child: Child | null = start(options);
  let number = 0;
  let closed = false;
  let last: Promise<void> = Promise.resolve();

  const working = async (): Promise<ChildProcess | null> => {
    if (child === null || !isAlive(child.process)) child = start(options);
    const { process, ready } = child;
    if (await ready) return process;
    process.kill("SIGKILL");
    return null;
  };

  const one = async ({ source, beside, done }: Waiting): Promise<void> => {
    const process = closed ? null : await working();
    if (process === null) return done(tooCostly(source.file));
    number += 1;
    const compiled = await ask(process, number, { source, beside }, options.withinMs);
    if (compiled === null) {
      process.kill("SIGKILL");
      child = null;
    }
    done(compiled === null ? tooCostly(source.file) : deepFreeze(compiled));
  };

  return {
    compile: (source, beside) =>
      new Promise((done) => {
        const waiting = { source, beside: mayName(source.bytes) ? beside : [], done };
        last = last.then(() => one(waiting));
      }),
    pid: () => child?.process.pid ?? null,
    close: async () => {
      closed = true;
      await last;
      const process = child?.process;
      if (process === undefined || !isAlive(process)) return;
      const gone = new Promise((done) => process.once("exit", done));
      process.kill("SIGKILL");
      await gone;
    },
  };
}

function start({ script, settings, heapMb }: ChildOptions): Child {
  // Nothing of the environment but what Node needs: the child reads bytes and holds no credentials.
  const cache = getCompileCacheDir();
  const process = fork(script, [], {
    serialization: "advanced",
    execArgv: [`--max-old-space-size=${heapMb}`],
    env: { PATH: globalThis.process.env["PATH"], NODE_NO_WARNINGS: "1", ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }) },
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const ready = new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), startWithinMs);
    const end = (is: boolean): void => {
      clearTimeout(timer);
      resolve(is);
    };
    process.once("message", () => end(true));
    process.once("exit", () => end(false));
    process.once("error", () => end(false));
  });
  void Promise.resolve(settings).then((known) => (process.connected ? process.send(known, () => undefined) : undefined));
  // A child that only waits for work must not keep its parent alive.
  process.unref();
  process.channel?.unref();
  return { process, ready };
}

/** What the child answers; null when it died, or did not answer in time. */
function ask(process: ChildProcess, id: number, request: { readonly source: SourceFile; readonly beside: readonly SourceFile[] }, withinMs: number): Promise<Compiled | null> {
  return new Promise((resolve) => {
    const end = (compiled: Compiled | null): void => {
      clearTimeout(timer);
      process.off("message", heard);
      process.off("exit", died);
      resolve(compiled);
    };
    const heard = (reply: unknown): void => {
      if (isReply(reply) && "id" in reply && reply.id === id) end(reply.compiled);
    };
    const died = (): void => end(null);
    const timer = setTimeout(died, withinMs);
    process.on("message", heard);
    process.once("exit", died);
    if (!process.connected) return died();
    process.send({ id, ...request }, (failed) => (failed === null ? undefined : died()));
  });
}

function isReply(reply: unknown): reply is Reply {
  return reply !== null && typeof reply === "object";
}

function isAlive(process: ChildProcess): boolean {
  return process.exitCode === null && process.signalCode === null && process.connected;
}

/** What came over from the other process is as frozen as what is compiled here. */
function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === "object" && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
