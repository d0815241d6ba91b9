/** Running a shipped script on a test server, in Azure's own strings. */
export const runCommandPermissions: readonly string[] = ["read", "runCommands/read", "runCommands/write", "runCommands/delete"].map((name) => `Microsoft.Compute/virtualMachines/${name}`);

/** Running a shipped script on a server on premises, through its Arc agent. */
export const arcRunCommandPermissions: readonly string[] = ["read", "runCommands/read", "runCommands/write", "runCommands/delete"].map((name) => `Microsoft.HybridCompute/machines/${name}`);
