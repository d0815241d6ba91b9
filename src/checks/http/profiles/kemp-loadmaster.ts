import type { Profile } from "../profile.ts";

const manual = "https://docs.progress.com/bundle/loadmaster-configuration-guide-web-user-interface-wui-ga/page/HTTP-or-HTTPS-Protocol-Health-Checking.html (October 2024)";
const support = "support.kemptechnologies.com, article 202214518";
const field = "a LoadMaster 2200, firmware 5.1-24 and 5.1-74, before IIS with several sites on one address and port";

/** Progress Kemp LoadMaster, real-server check HTTP or HTTPS. */
export const kempLoadmaster: Profile = {
  name: "kemp-loadmaster",
  system: "LoadMaster",
  forms: [
    {
      name: "1.1",
      label: "LoadMaster 1.1 + Host",
      asks: "HTTP/1.1 with Host {host}",
      method: "HEAD",
      version: "1.1",
      host: "given",
      headers: [["Connection", "close"]],
      sni: "host",
    },
    {
      name: "1.0",
      label: "LoadMaster 1.0",
      asks: "HTTP/1.0 without Host",
      method: "HEAD",
      version: "1.0",
      host: "none",
      headers: [],
      sni: "none",
    },
  ],
  up: [[200, 299], [301, 301], [302, 302], [401, 401]],
  remedies: {
    host: "Set HTTP/1.1 and Host {host} in the health check.",
    method: "Set the health check's HTTP method to {method}.",
    status: "Add {status} to the health check's status codes if it means that the site works.",
  },
  compare: ["kemp-loadmaster-1.0", "kemp-loadmaster-1.1", "browser"],
  facts: [
    { fact: "The check asks HTTP/1.0 HEAD / by address, without Host, until HTTP/1.1 is switched on.", source: field, certainty: "reported" },
    { fact: "Only with HTTP/1.1 can a Host be set.", source: `${manual}; ${support}`, certainty: "documented" },
    {
      fact: "200–299, 301, 302 and 401 count as up; the older support article says 200, 301, 302 and 401, and a support engineer once said that 302 does not count. Test the installed firmware.",
      source: `${manual} against ${support}`,
      certainty: "conflicting",
    },
    { fact: "A redirect is not followed.", source: manual, certainty: "documented" },
    { fact: "No User-Agent is sent, and 1.1 asks to close the connection.", source: "no capture was at hand", certainty: "assumed" },
    { fact: "An HTTPS check without Host sends no server name in TLS; one with Host sends it.", source: "no capture was at hand", certainty: "assumed" },
  ],
};
