type Trouble = { readonly status: "boot manager" | "stopped with an error"; readonly words: string };

/**
 * What a serial log tells of a start that failed; null when it tells nothing, which proves nothing. Only the end counts: a log
 * holds earlier starts too.
 */
export function bootTrouble(serialLog: string): Trouble | null {
  const last = serialLog.slice(Math.max(0, lastStart(serialLog)));
  const stop = /\*{3} STOP:\s*(0x[0-9a-f]{2,16})(?:\s*\(([A-Z_0-9]{3,60})\))?/i.exec(last) ?? /(?:stop ?code|bugcheck)[^\r\n]{0,20}?(0x[0-9a-f]{2,16}|[A-Z][A-Z_]{6,60})/i.exec(last);
  if (stop) return { status: "stopped with an error", words: `the serial log ends in a blue screen (${[stop[1], stop[2]].filter((part) => part !== undefined).join(" ")})` };
  const repair = /(?:needs to be repaired|could not be loaded|failed to start|recovery environment)[^\r\n]{0,80}?(0xc[0-9a-f]{7})?/i.exec(last);
  if (repair && /boot manager|winload|bootmgr|windows failed/i.test(last)) return { status: "boot manager", words: `the serial log ends in the Windows Boot Manager${statusIn(last)}` };
  return null;
}

function lastStart(log: string): number {
  return Math.max(log.lastIndexOf("UEFI firmware"), log.lastIndexOf("BdsDxe: starting"), log.lastIndexOf("SeaBIOS"));
}

function statusIn(text: string): string {
  const code = /0xc[0-9a-f]{7}/i.exec(text)?.[0];
  return code === undefined ? "" : ` (${code})`;
}
