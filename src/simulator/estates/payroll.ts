import type { Estate, Site } from "../estate.ts";

const web: readonly Site[] = [
  { host: "payroll.contoso.example", title: "Contoso Payroll", text: "Sign in to see your pay." },
  { host: "ntrip.surveyor.lab", title: "Surveyor Lab correction service", text: "Mount points are listed after sign-in." },
];

/** Contoso's payroll: a database that starts first and two web servers behind a load balancer. */
export const payroll: Estate = {
  subscription: "00000000-0000-4000-8000-000000000001",
  vaults: [
    {
      name: "rsv-payroll",
      resourceGroup: "rg-dr",
      location: "northeurope",
      primaryLocation: "westeurope",
      recoveryLocation: "northeurope",
      recoveryResourceGroup: "rg-dr-test",
      primaryNetwork: "vnet-prod",
      recoveryNetwork: "vnet-dr",
      servers: [
        { name: "sql-payroll", address: "10.50.0.10", size: "Standard_E8s_v5", rpoSeconds: 250, sites: [] },
        { name: "web-01", address: "10.50.0.11", size: "Standard_D4s_v5", rpoSeconds: 175, sites: web },
        { name: "web-02", address: "10.50.0.12", size: "Standard_D4s_v5", rpoSeconds: 210, sites: web },
      ],
      plans: [{ name: "rp-payroll", groups: [["sql-payroll"], ["web-01", "web-02"]] }],
    },
  ],
  networks: [
    {
      name: "vnet-dr-isolated",
      resourceGroup: "rg-dr",
      location: "northeurope",
      prefix: "10.50.0.0/16",
      subnet: "default",
      dnsServers: ["10.50.0.10"],
      defaultOutbound: false,
      routes: [{ name: "to-nowhere", prefix: "0.0.0.0/0", via: "None" }],
      rules: [{ name: "no-internet", direction: "Outbound", access: "Deny", priority: 4000, to: "Internet" }],
    },
    { name: "vnet-prod", resourceGroup: "rg-westeurope", location: "westeurope", prefix: "10.50.0.0/16", subnet: "default", dnsServers: ["10.20.0.4"], peerings: [{ name: "to-hub", to: "vnet-hub", remoteGateways: true }] },
    { name: "vnet-hub", resourceGroup: "rg-hub", location: "westeurope", prefix: "10.20.0.0/16", subnet: "default", peerings: [{ name: "to-prod", to: "vnet-prod", gatewayTransit: true }], gateway: { name: "vgw-hub", type: "Vpn" } },
    { name: "vnet-dr", resourceGroup: "rg-dr", location: "northeurope", prefix: "10.50.0.0/16", subnet: "default", dnsServers: ["10.20.0.4"] },
  ],
  machines: [{ name: "dc-01", resourceGroup: "rg-hub", location: "westeurope", size: "Standard_D2s_v5", address: "10.20.0.4", network: "vnet-hub" }],
  arcMachines: ["HV-01", "HV-02", "HV-03", "FILE-01", "ADMIN-01"].map((name) => ({ name, resourceGroup: "rg-premises", location: "westeurope" })),
  traffic: [
    {
      name: "tm-payroll",
      resourceGroup: "rg-payroll",
      dnsName: "payroll-contoso",
      ttl: 60,
      routing: "Priority",
      monitor: { protocol: "HTTPS", port: 443, path: "/", interval: 30, timeout: 10, failures: 3 },
      endpoints: [
        { name: "primary", kind: "externalEndpoints", target: "payroll-we.contoso.example", priority: 1, enabled: true },
        { name: "recovery", kind: "externalEndpoints", target: "payroll-ne.contoso.example", priority: 2, enabled: false },
      ],
    },
  ],
  dnsZones: [
    {
      name: "contoso.example",
      resourceGroup: "rg-payroll",
      records: [
        { name: "payroll", type: "CNAME", ttl: 300, values: ["payroll-contoso.trafficmanager.net"] },
        { name: "payroll-direct", type: "A", ttl: 300, values: ["10.50.0.20"] },
      ],
    },
  ],
  loadBalancers: [
    {
      name: "lb-payroll",
      resourceGroup: "rg-dr-test",
      location: "northeurope",
      rules: [
        { name: "web-tcp", port: 80, probe: { protocol: "Tcp", port: 80 }, servers: ["web-01", "web-02"] },
        { name: "web-http", port: 8080, probe: { protocol: "Http", port: 80, path: "/" }, servers: ["web-01", "web-02"] },
      ],
    },
  ],
  applicationGateways: [{ name: "agw-payroll", resourceGroup: "rg-dr-test", location: "northeurope", pools: [{ name: "web", servers: ["web-01", "web-02"], settings: "web-http", port: 80, host: "payroll.contoso.example" }] }],
};
