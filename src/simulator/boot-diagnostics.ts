import { guid } from "./guid.ts";
import type { Machine } from "./machine.ts";
import { allMachines } from "./machine.ts";
import { screenshotOf } from "./screenshot.ts";
import { nowOf } from "./simulation.ts";
import type { Simulation } from "./simulation.ts";

const account = "drillbookbootdiag";

/** Two addresses in a storage account, each good for two hours and secret as such addresses are. */
export function bootDiagnosticsAnswer(simulation: Simulation, machine: Machine) {
  const expires = new Date(nowOf(simulation) + 7_200_000).toISOString().slice(0, 19);
  const address = (file: string) => `https://${account}.blob.core.windows.net${folderOf(machine)}/${file}?sv=2023-11-03&sr=b&se=${encodeURIComponent(`${expires}Z`)}&sp=r&sig=${encodeURIComponent(signature(simulation, file))}`;
  return { consoleScreenshotBlobUri: address(screenshotFile(machine)), serialConsoleLogBlobUri: address(logFile(machine)) };
}

/** What the storage account holds at a path; null: nothing, or the signature does not fit. */
export function bootDiagnosticsBlob(simulation: Simulation, url: URL): { readonly type: string; readonly bytes: Uint8Array } | null {
  if (!url.pathname.startsWith("/bootdiagnostics-")) return null;
  const machine = allMachines(simulation).find((one) => url.pathname.startsWith(`${folderOf(one)}/`));
  const file = url.pathname.split("/").at(-1) ?? "";
  if (machine === undefined || url.searchParams.get("sig") !== signature(simulation, file)) return null;
  if (file === screenshotFile(machine)) return { type: "image/bmp", bytes: screenshotOf(machine) };
  if (file === logFile(machine)) return { type: "text/plain", bytes: new TextEncoder().encode(serialLog(machine)) };
  return null;
}

function folderOf(machine: Machine): string {
  return `/bootdiagnostics-${machine.name.replaceAll(/[^a-z0-9]/gi, "").slice(0, 9).toLowerCase()}-${guid("vm", machine.life)}`;
}

function screenshotFile(machine: Machine): string {
  return `${machine.name}.${guid("vm", machine.life)}.screenshot.bmp`;
}

function logFile(machine: Machine): string {
  return `${machine.name}.${guid("vm", machine.life)}.serialconsole.log`;
}

function signature(simulation: Simulation, file: string): string {
  return Buffer.from(guid(simulation.seed, "sas", file)).toString("base64");
}

function serialLog({ condition, power, ready }: Machine): string {
  const begin = "UEFI firmware (version 4.1 built at 09:12:33 on Mar 14 2026)\r\nBdsDxe: starting Boot0001 \"Windows Boot Manager\"\r\n";
  if (condition === "boot-manager") return `${begin}Windows Boot Manager: the computer needs to be repaired. Status: 0xc0000225\r\n`;
  if (condition === "blue-screen") return `${begin}\r\n!SAC>\r\n*** STOP: 0x0000007B (INACCESSIBLE_BOOT_DEVICE)\r\n`;
  if (power !== "running") return begin;
  return `${begin}<?xml>\r\n<BP>\r\n<INSTANCE CLASSNAME="BLUESCREEN">\r\n</INSTANCE>\r\n</BP>\r\n!SAC>\r\n${ready ? "EVENT: The CMD command is now available.\r\n" : ""}`;
}
