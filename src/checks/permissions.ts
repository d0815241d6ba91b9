/** Running a shipped script on a test server, in Azure's own strings. */
export const runCommandPermissions: readonly string[] = ["read", "runCommands/read", "runCommands/write", "runCommands/delete"].map((name) => `Microsoft.Compute/virtualMachines/${name}`);
