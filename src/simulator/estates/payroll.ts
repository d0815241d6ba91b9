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
      servers: [
        { name: "sql-payroll", address: "10.50.0.10", size: "Standard_E8s_v5", rpoSeconds: 250, sites: [] },
        { name: "web-01", address: "10.50.0.11", size: "Standard_D4s_v5", rpoSeconds: 175, sites: web },
        { name: "web-02", address: "10.50.0.12", size: "Standard_D4s_v5", rpoSeconds: 210, sites: web },
      ],
      plans: [{ name: "rp-payroll", groups: [["sql-payroll"], ["web-01", "web-02"]] }],
    },
  ],
  networks: [{ name: "vnet-dr-isolated", resourceGroup: "rg-dr", location: "northeurope", prefix: "10.50.0.0/16", subnet: "default" }],
};
