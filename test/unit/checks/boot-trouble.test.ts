import assert from "node:assert/strict";
import { bootTrouble } from "../../../src/checks/boot-trouble.ts";

describe("what a serial log tells of a start", () => {
  for (const [what, log, said] of [
    ["the boot manager", 'UEFI firmware\r\nBdsDxe: starting Boot0001 "Windows Boot Manager"\r\nWindows Boot Manager: the computer needs to be repaired. Status: 0xc0000225\r\n', /boot manager: .*Windows Boot Manager \(0xc0000225\)/],
    ["a blue screen", "UEFI firmware\r\n*** STOP: 0x0000007B (INACCESSIBLE_BOOT_DEVICE)\r\n", /stopped with an error: .*0x0000007B INACCESSIBLE_BOOT_DEVICE/],
    ["a stop code in words", "Your PC ran into a problem. Stop code: CRITICAL_PROCESS_DIED", /stopped with an error: .*CRITICAL_PROCESS_DIED/],
  ] as const) {
    it(`knows ${what}`, () => {
      const trouble = bootTrouble(log);
      assert.match(`${trouble?.status}: ${trouble?.words}`, said);
    });
  }

  for (const [what, log] of [
    ["nothing", ""],
    ["a start that goes on", 'UEFI firmware\r\nBdsDxe: starting Boot0001 "Windows Boot Manager"\r\n!SAC>\r\n'],
    ["an empty record of blue screens", '<INSTANCE CLASSNAME="BLUESCREEN">\r\n</INSTANCE>\r\n!SAC>'],
    ["an earlier start that failed", "UEFI firmware\r\n*** STOP: 0x0000007B\r\nUEFI firmware\r\nBdsDxe: starting\r\n!SAC>\r\n"],
    ["Linux, which could not find a module", "SeaBIOS\r\n[FAILED] Failed to start Load Kernel Modules.\r\nUbuntu 24.04 LTS login:"],
  ] as const) {
    it(`makes nothing of ${what}`, () => assert.equal(bootTrouble(log), null));
  }
});
