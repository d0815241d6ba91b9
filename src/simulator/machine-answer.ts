import type { Json } from "../runbooks/runbook.ts";
import { guid } from "./guid.ts";
import { machinePath } from "./machine.ts";
import type { Machine, PowerState } from "./machine.ts";
import { interfacePath } from "./network-interface.ts";
import type { Simulation } from "./simulation.ts";

/** A machine as Compute answers it; `withView`: with its power and its agent, as `$expand=instanceView` asks. */
export function machineAnswer(simulation: Simulation, one: Machine, withView: boolean): { readonly [key: string]: Json } {
  return {
    id: machinePath(simulation, one),
    name: one.name,
    type: "Microsoft.Compute/virtualMachines",
    location: one.location,
    tags: one.test ? { "hidden-asr": "test-failover" } : {},
    properties: {
      vmId: guid("vm", one.life),
      provisioningState: "Succeeded",
      hardwareProfile: { vmSize: one.size },
      storageProfile: { osDisk: { osType: "Windows", createOption: "Attach", name: `${one.name}-os` }, dataDisks: [] },
      networkProfile: { networkInterfaces: [{ id: interfacePath(simulation, one), properties: { primary: true } }] },
      diagnosticsProfile: { bootDiagnostics: { enabled: true } },
      ...(withView ? { instanceView: instanceView(one) } : {}),
    },
  };
}

const powerWords: Readonly<Record<PowerState, string>> = {
  starting: "VM starting",
  running: "VM running",
  stopping: "VM stopping",
  stopped: "VM stopped",
  deallocating: "VM deallocating",
  deallocated: "VM deallocated",
};

/** What Compute says of a machine while it runs. */
export function instanceView({ name, server, power: state, ready }: Machine): Json {
  const agent = ready ? { code: "ProvisioningState/succeeded", level: "Info", displayStatus: "Ready", message: "GuestAgent is running and processing the extensions." } : { code: "ProvisioningState/Unavailable", level: "Warning", displayStatus: "Not Ready", message: "VM status blob is found but not yet populated." };
  return {
    computerName: server?.name ?? name,
    osName: "Windows Server 2022 Datacenter",
    osVersion: "10.0.20348.2849",
    vmAgent: { vmAgentVersion: ready ? "2.7.41491.1172" : "Unknown", statuses: [agent], extensionHandlers: [] },
    bootDiagnostics: {},
    extensions: [],
    statuses: [
      { code: "ProvisioningState/succeeded", level: "Info", displayStatus: "Provisioning succeeded" },
      { code: `PowerState/${state}`, level: "Info", displayStatus: powerWords[state] },
    ],
  };
}
