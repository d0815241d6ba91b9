import assert from "node:assert/strict";
import { inspect } from "node:util";
import { readConfig, secretsOf } from "../../src/config.ts";
import type { Environment } from "../../src/config.ts";
import { DrillbookError } from "../../src/errors.ts";

const id = "11111111-2222-3333-4444-555555555555";
const tenant = "99999999-2222-3333-4444-555555555555";
const subscription = "00000000-0000-4000-8000-000000000001";
const teams = {
  DRILLBOOK_BOT_APP_ID: id,
  DRILLBOOK_BOT_APP_TYPE: "SingleTenant",
  DRILLBOOK_BOT_TENANT_ID: tenant,
  DRILLBOOK_BOT_APP_PASSWORD: "canary-password",
};

describe("readConfig", () => {
  it("needs nothing set: loopback, console, simulator, rehearsal people", () => {
    const config = readConfig({ PATH: "/bin", HOME: "/root" });
    const { people, ...rest } = config;
    assert.deepEqual(rest, {
      port: 3978,
      host: "127.0.0.1",
      console: true,
      data: ".drillbook",
      database: null,
      runbooks: "runbooks",
      peopleFile: null,
      profiles: null,
      resources: new Map(),
      azure: { kind: "simulator", pace: 10, scenario: "calm" },
      standsOn: [],
      bot: null,
    auditor: null,
    evidence: { signingKey: null, timestampUrl: null, anchorContainer: null },
      logLevel: "warn",
    });
    assert.deepEqual(
      people.people.map((person) => person.name),
      ["Olivia Okafor", "Amir Haddad", "Bea Lind", "Ravi Menon", "Dana Weiss"],
    );
  });

  it("takes an empty value as not set", () => {
    assert.equal(readConfig({ PORT: "", DRILLBOOK_AZURE: "" }).port, 3978);
  });

  it("is frozen to its depth", () => {
    const config = readConfig(teams);
    assert.ok(Object.isFrozen(config) && Object.isFrozen(config.bot) && Object.isFrozen(config.azure));
    assert.ok(Object.isFrozen(config.people.groups["auditors"]));
  });

  it("opens to Teams and closes the console when the bot has credentials, also with the simulator", () => {
    const config = readConfig(teams);
    assert.equal(config.console, false);
    assert.equal(config.host, "0.0.0.0");
    assert.equal(config.azure.kind, "simulator");
    assert.ok(config.bot?.appType === "SingleTenant" && config.bot.password.reveal() === "canary-password");
    assert.deepEqual(readConfig({ ...teams, DRILLBOOK_AZURE: "azure", DRILLBOOK_AZURE_CLOUD: "usgov", DRILLBOOK_AZURE_SUBSCRIPTIONS: subscription }).azure, { kind: "azure", cloud: "usgov", subscriptions: [subscription] });
  });

  it("never shows the password, however the config is written out", () => {
    const config = readConfig(teams);
    for (const text of [JSON.stringify(config), inspect(config, { depth: null, showHidden: true }), `${Object.values(config.bot ?? {})}`]) {
      assert.match(text, /\[secret\]/);
      assert.doesNotMatch(text, /canary/);
    }
  });

  it("takes a managed identity without a password and refuses one with", () => {
    const { DRILLBOOK_BOT_APP_PASSWORD: _, ...rest } = teams;
    const identity = { ...rest, DRILLBOOK_BOT_APP_TYPE: "UserAssignedMSI" };
    assert.deepEqual(readConfig(identity).bot, { appId: id, tenantId: tenant, appType: "UserAssignedMSI" });
    refused({ ...identity, DRILLBOOK_BOT_APP_PASSWORD: "canary" }, /^DRILLBOOK_BOT_APP_PASSWORD .*has no password/);
  });

  for (const name of Object.keys(teams)) {
    it(`refuses bot credentials without ${name}`, () => refused({ ...teams, [name]: "" }, new RegExp(`^${name} is not set`)));
    it(`refuses ${name} alone`, () => refused({ [name]: teams[name as keyof typeof teams] }, /^DRILLBOOK_BOT_\w+ is not set/));
  }

  it("refuses the real Azure without bot credentials", () => {
    refused({ DRILLBOOK_AZURE: "azure" }, /no bot credentials/, /DRILLBOOK_BOT_APP_ID/);
  });

  it("knows the bot's and the auditor's secrets as secrets", () => {
    const config = readConfig({ ...teams, DRILLBOOK_PUBLIC_URL: "https://drills.contoso.example", DRILLBOOK_AUDITOR_APP_ID: id, DRILLBOOK_AUDITOR_APP_SECRET: "canary-secret" });
    assert.deepEqual(secretsOf(config).map((s) => s.reveal()), ["canary-password", "canary-secret"]);
  });

  it("takes a database, shows neither its URL nor its password, and knows them as secrets", () => {
    const url = "postgres://drill%40book:canary%2Fword@db.example:5432/drills?sslmode=require";
    const config = readConfig({ DATABASE_URL: url });
    assert.equal(config.database?.reveal(), url);
    for (const text of [JSON.stringify(config), inspect(config, { depth: null, showHidden: true })]) assert.doesNotMatch(text, /canary|db\.example/);
    assert.deepEqual(secretsOf(config).map((s) => s.reveal()), [url, "canary/word"]);
    assert.deepEqual(secretsOf(readConfig({})), []);
    assert.ok(readConfig({ DATABASE_URL: "postgresql:///drills?host=/run/postgresql" }).database);
    for (const bad of ["canary", "mysql://root:canary@db/drills", "postgres://canary@db", "postgres://canary@db/", "postgres:///canary"]) {
      refused({ DATABASE_URL: bad }, /^DATABASE_URL must be a URL/);
    }
  });

  it("proposes the nearest name for an unknown setting, whatever its case", () => {
    refused({ DRILLBOOK_DATTA: "x" }, /^DRILLBOOK_DATTA is not a setting/, /`DRILLBOOK_DATA`/);
    refused({ drillbook_data: "x" }, /^drillbook_data is not a setting/, /`DRILLBOOK_DATA`/);
    refused({ DRILLBOOK_WHATEVER_ELSE: "canary" }, /^DRILLBOOK_WHATEVER_ELSE is not a setting/);
  });

  const malformed: readonly (readonly [string, readonly string[]])[] = [
    ["PORT", ["65536", "-1", "80a", "3978.5", "0x10", " 80"]],
    ["DRILLBOOK_AZURE", ["Azure", "true"]],
    ["DRILLBOOK_AZURE_CLOUD", ["germany"]],
    ["DRILLBOOK_SIMULATOR_PACE", ["0", "0.5", "1001", "fast", "NaN", "1e2"]],
    ["DRILLBOOK_LOG_LEVEL", ["verbose"]],
    ["DRILLBOOK_BOT_APP_ID", ["my-bot", `${id}0`]],
    ["DRILLBOOK_BOT_TENANT_ID", ["contoso.example"]],
    ["DRILLBOOK_BOT_APP_TYPE", ["MultiTenant"]],
  ];
  for (const [name, texts] of malformed) {
    for (const text of texts) it(`refuses ${name}=${text}`, () => refused({ ...teams, [name]: text }, new RegExp(`^${name} must be `)));
  }

  it("takes the ends of each range", () => {
    assert.equal(readConfig({ PORT: "0" }).port, 0);
    assert.equal(readConfig({ PORT: "65535" }).port, 65_535);
    assert.deepEqual(readConfig({ DRILLBOOK_SIMULATOR_PACE: "1" }).azure, { kind: "simulator", pace: 1, scenario: "calm" });
    assert.deepEqual(readConfig({ DRILLBOOK_SIMULATOR_PACE: "1000" }).azure, { kind: "simulator", pace: 1000, scenario: "calm" });
    assert.deepEqual(readConfig({ DRILLBOOK_SIMULATOR_PACE: "2.5" }).azure, { kind: "simulator", pace: 2.5, scenario: "calm" });
  });

  it("reads the people file, and says so when it cannot", () => {
    const file = "people: [{ id: a, name: Ann }]\ngroups: { dr-operators: [a] }\n";
    const config = readConfig({ DRILLBOOK_PEOPLE: "people.yaml" }, () => file);
    assert.deepEqual(config.people, { people: [{ id: "a", name: "Ann" }], groups: { "dr-operators": ["a"] }, directory: {}, foreign: {} });
    assert.equal(config.peopleFile, "people.yaml");
    refused({ DRILLBOOK_PEOPLE: "/nowhere/people.yaml" }, /\/nowhere\/people\.yaml cannot be read/);
  });
});

function refused(env: Environment, message: RegExp, suggestion = /\S/): void {
  assert.throws(
    () => readConfig(env),
    (thrown) => {
      assert.ok(thrown instanceof DrillbookError);
      assert.equal(thrown.code, "bad-setting");
      assert.match(thrown.message, message);
      assert.match(thrown.suggestion, suggestion);
      assert.doesNotMatch(thrown.message + thrown.suggestion, /canary/);
      return true;
    },
  );
}
