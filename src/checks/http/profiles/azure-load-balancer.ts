import type { Profile } from "../profile.ts";

const overview = "Azure documentation, load-balancer-custom-probe-overview (2023)";

/** Azure Load Balancer, probe HTTP or HTTPS. */
export const azureLoadBalancer: Profile = {
  name: "azure-load-balancer",
  system: "Azure Load Balancer",
  forms: [
    {
      name: "1.1",
      label: "Azure LB",
      asks: "HTTP/1.1 with its address as Host",
      method: "GET",
      version: "1.1",
      host: "address",
      headers: [["Connection", "close"]],
      sni: "none",
    },
  ],
  up: [[200, 200]],
  remedies: {
    host: "Its probe cannot send another Host: give the site that answers the probe a binding without a host name.",
    method: "Its probe always asks GET: let the path answer it.",
    status: "Its probe takes nothing but 200: probe a path that answers 200 itself.",
  },
  compare: ["azure-load-balancer", "browser"],
  facts: [
    { fact: "GET on the path; only 200 counts as up; 301 and 302 count as down.", source: overview, certainty: "documented" },
    { fact: "The Host cannot be set.", source: "MicrosoftDocs/azure-docs issue 83656", certainty: "documented" },
    { fact: "Host is the server's address, with the port; no server name in TLS; a self-signed certificate is accepted.", source: "a user's tests in MicrosoftDocs/azure-docs issue 97795", certainty: "reported" },
    { fact: "HTTP version 1.1, Connection: close and no User-Agent.", source: "no capture was at hand", certainty: "assumed" },
    { fact: "The port is left out of Host when it is the scheme's own.", source: "no capture was at hand", certainty: "assumed" },
  ],
};
