import type { Profile } from "../profile.ts";

const manual = "HAProxy configuration manual, `option httpchk` and `http-check send`";

/** HAProxy with `option httpchk`, and with `http-check send` where a host is given. */
export const haproxy: Profile = {
  name: "haproxy",
  system: "HAProxy",
  forms: [
    {
      name: "1.1",
      label: "HAProxy 1.1 + Host",
      asks: "HTTP/1.1 with Host {host}",
      method: "OPTIONS",
      version: "1.1",
      host: "given",
      headers: [["Connection", "close"]],
      sni: "none",
    },
    {
      name: "1.0",
      label: "HAProxy 1.0",
      asks: "OPTIONS with HTTP/1.0 and without Host",
      method: "OPTIONS",
      version: "1.0",
      host: "none",
      headers: [],
      sni: "none",
    },
  ],
  up: [[200, 399]],
  remedies: {
    host: "Use `http-check send meth GET uri / ver HTTP/1.1 hdr Host {host}`.",
    method: "Use `option httpchk {method} /`.",
    status: "Use `http-check expect status 200-399,{status}` if it means that the site works.",
  },
  compare: ["haproxy-1.0", "haproxy-1.1", "browser"],
  facts: [
    { fact: "The default is OPTIONS / with HTTP/1.0 and no Host; HTTP/1.1 needs one.", source: manual, certainty: "documented" },
    { fact: "2xx and 3xx count as up; a redirect is not followed.", source: manual, certainty: "documented" },
    { fact: "No server name in TLS unless `check-sni` is set.", source: manual, certainty: "documented" },
    { fact: "Bytes of the 1.1 form, which are the configuration's own.", source: "no capture was at hand", certainty: "assumed" },
  ],
};
