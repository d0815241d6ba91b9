import assert from "node:assert/strict";
import { parseActivity } from "../../../../src/bot/activity.ts";
import type { Door } from "../../../../src/bot/door/door.ts";
import { openTeamsDoor } from "../../../../src/bot/door/teams-door.ts";

const appId = "11111111-2222-4333-8444-555555555555";
const tenantId = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
const serviceUrl = "https://smba.trafficmanager.net/emea/";
const good = { iss: "https://api.botframework.com", aud: appId, serviceurl: serviceUrl, exp: "1800000000" };

function headers(claims: object): { authorization: string } {
  return { authorization: `Bearer a.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s` };
}

describe("the Teams door before and after the SDK", () => {
  let door: Door;
  before(async () => {
    door = await openTeamsDoor({
      registration: { appType: "UserAssignedMSI", appId, tenantId },
      now: () => new Date("2026-11-20T21:00:00Z"),
    });
  });

  const wrong: readonly (readonly [string, object, string])[] = [
    ["another issuer", { ...good, iss: "https://sts.windows.net/x/" }, "foreign token issuer"],
    ["another audience", { ...good, aud: tenantId }, "token for somebody else"],
    ["no end", { iss: good.iss, aud: good.aud, serviceurl: serviceUrl }, "token without an end"],
    ["a tenant", { ...good, tid: tenantId }, "token of a tenant"],
  ];

  it("lets the channel's own token pass to the SDK, by its headers", () => {
    assert.equal(door.admitHeaders(headers(good)), null);
  });

  for (const [name, claims, reason] of wrong) {
    it(`refuses a token with ${name} before a body is read`, () => {
      assert.deepEqual(door.admitHeaders(headers(claims)), { status: 401, reason });
    });

    it(`refuses a token with ${name} again after the SDK has verified it`, async () => {
      const entries = Object.entries(claims).map(([type, value]) => ({ type, value: String(value) }));
      await assert.rejects(async () => door.authentication.configuration.validateClaims?.(entries), { statusCode: 401 });
    });
  }

  it("wants an allowed service URL in the verified token", async () => {
    const validate = async (serviceurl: string | undefined) =>
      door.authentication.configuration.validateClaims?.(
        Object.entries({ ...good, serviceurl }).flatMap(([type, value]) => (value === undefined ? [] : [{ type, value }])),
      );
    await validate(serviceUrl);
    await assert.rejects(validate("https://evil.example/"), { statusCode: 401 });
    await assert.rejects(validate(undefined), { statusCode: 401 });
  });

  it("gives the SDK all seven addresses, so that no default and no environment fills in", () => {
    assert.equal(Object.values(door.authentication.settings).filter((value) => typeof value === "string" && value !== "").length, 7);
  });

  it("takes the object id in one spelling, and the name as it is shown", () => {
    const activity = parseActivity({
      type: "message", channelId: "msteams", serviceUrl, timestamp: "2026-11-20T20:51:00Z", conversation: { id: "c" },
      from: { id: "29:x", name: "Olivia Okafor", aadObjectId: tenantId.toUpperCase() }, recipient: { id: `28:${appId}` },
    });
    assert.ok(activity);
    assert.deepEqual(door.identify(activity), { id: tenantId, name: "Olivia Okafor" });
  });

  it("sends its own token to Teams only", () => {
    assert.equal(door.mayReach(serviceUrl), true);
    assert.equal(door.mayReach("https://evil.example/"), false);
  });
});
