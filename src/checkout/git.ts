import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import type { Checkout } from "../runbooks/runbook.ts";

const withinMs = 5_000;

/**
 * Who last committed a file of a Git checkout, and whether its bytes are those of that commit; null when the folder is no
 * checkout, Git is missing, or the file was never committed. Runs no hook, filter or monitor of the checkout.
 */
export async function checkoutOf(folder: string, file: string, bytes: Uint8Array): Promise<Checkout | null> {
  const written = await git(folder, ["log", "-1", "--no-show-signature", "--format=%H%x00%an%x00%aI", "--", `./${file}`]);
  const [commit, author, at] = (written ?? "").trim().split("\0");
  if (commit === undefined || author === undefined || at === undefined || !/^[0-9a-f]{40,64}$/.test(commit)) return null;
  const blob = (await git(folder, ["rev-parse", `${commit}:./${file}`]))?.trim() ?? "";
  return { commit, author: author.replace(/[\p{Cc}\p{Cf}]/gu, "").slice(0, 100), at, changed: !same(blob, bytes) };
}

/** A checkout may have other line ends than the commit. */
function same(blob: string, bytes: Uint8Array): boolean {
  const unix = Buffer.from(Buffer.from(bytes).toString("latin1").replaceAll("\r\n", "\n"), "latin1");
  return [Buffer.from(bytes), unix].some((content) => createHash(blob.length === 64 ? "sha256" : "sha1").update(`blob ${content.length}\0`).update(content).digest("hex") === blob);
}

function git(folder: string, args: readonly string[]): Promise<string | null> {
  const safe = ["--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "log.showSignature=false"];
  const env = { PATH: process.env["PATH"], HOME: process.env["HOME"], GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
  return new Promise((resolve) => {
    execFile("git", [...safe, ...args], { cwd: folder, env, timeout: withinMs, maxBuffer: 64 * 1024, windowsHide: true }, (failed, out) => resolve(failed === null ? out : null));
  });
}
