import assert from "node:assert/strict";
import { isAllowedServiceUrl } from "../../../../src/bot/door/service-urls.ts";

const origins = ["https://smba.trafficmanager.net"];

describe("the allow-list of service URLs", () => {
  it("lets every path of an allowed origin pass", () => {
    for (const url of ["https://smba.trafficmanager.net/emea/", "https://smba.trafficmanager.net", "https://SMBA.trafficmanager.net/amer/t/"]) {
      assert.equal(isAllowedServiceUrl(url, origins), true, url);
    }
  });

  it("refuses whatever only looks like it", () => {
    for (const url of [
      "",
      "smba.trafficmanager.net",
      "http://smba.trafficmanager.net/",
      "https://smba.trafficmanager.net:8443/",
      "https://smba.trafficmanager.net.evil.example/",
      "https://evil.example/https://smba.trafficmanager.net",
      "https://smba.trafficmanager.net@evil.example/",
      "https://user@smba.trafficmanager.net/",
      "https://user:pw@smba.trafficmanager.net/",
      "https://evil.example\\@smba.trafficmanager.net/",
      "https://smba.trafficmanager.net%2eevil.example/",
      "ftp://smba.trafficmanager.net/",
      "urn:botframework:websocket:directlinespeech",
      "//smba.trafficmanager.net/",
      "https://169.254.169.254/",
      "javascript:alert(1)",
    ]) {
      assert.equal(isAllowedServiceUrl(url, origins), false, url);
    }
  });
});
