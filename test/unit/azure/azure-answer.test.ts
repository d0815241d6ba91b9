import assert from "node:assert/strict";
import { azureSays, withoutSecrets } from "../../../src/azure/azure-answer.ts";

describe("what Azure says", () => {
  it("is read from Site Recovery's details, a flat body, HTML and nothing", () => {
    const detail = { code: "539", message: "inner", possibleCauses: "It is busy.", recommendedAction: "Wait.", clientRequestId: null };
    assert.deepEqual(azureSays(JSON.stringify({ error: { code: "539", message: "Not possible.", target: null, details: [detail], innererror: null } })), { code: "539", message: "Not possible.", causes: "It is busy.", action: "Wait." });
    assert.deepEqual(azureSays('{"error":{"code":"Forbidden","message":"No."}}'), { code: "Forbidden", message: "No.", causes: "", action: "" });
    assert.deepEqual(azureSays('{"code":"Busy","message":"Later."}'), { code: "Busy", message: "Later.", causes: "", action: "" });
    assert.equal(azureSays("<html><h2>Bad\r\n Gateway</h2></html>").message, "Bad Gateway");
    assert.deepEqual(azureSays(""), { code: "", message: "", causes: "", action: "" });
  });

  it("loses its secrets", () => {
    const token = `eyJ${"a".repeat(20)}.eyJ${"b".repeat(20)}.sig`;
    assert.equal(withoutSecrets(`Bearer ${token} and ${token}`), "Bearer [removed] and [removed]");
    assert.equal(withoutSecrets("https://x.blob.core.windows.net/c?sv=2020&sig=abc%2F&se=1 AccountKey=xyz; password=p"), "https://x.blob.core.windows.net/c?sv=2020&sig=[removed]&se=1 AccountKey=[removed] password=[removed]");
    assert.doesNotMatch(azureSays('{"error":{"code":"X","message":"see https://x?sig=SECRET"}}').message, /SECRET/);
  });
});
