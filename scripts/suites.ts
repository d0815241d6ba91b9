/** One group of tests. `needs` says what must be there beyond `npm ci`; null: nothing, so `npm test` runs it, its files side by side. */
export type Suite = { readonly name: string; readonly specs: readonly string[]; readonly needs: string | null };

/** Every suite there is. A suite is listed when it exists, and is never looked for. */
export const suites: readonly Suite[] = [
  { name: "unit", specs: ["test/unit/**/*.test.ts", "test/conformance/**/*.test.ts"], needs: null },
  { name: "integration", specs: ["test/integration/**/*.test.ts"], needs: null },
  { name: "browser", specs: ["test/browser/**/*.test.ts"], needs: "Chromium (Debian: apt-get install chromium)" },
  { name: "examples", specs: ["test/examples/**/*.test.ts"], needs: "a folder of official Site Recovery examples, named by DRILLBOOK_ASR_EXAMPLES" },
  { name: "proxies", specs: ["test/proxies/**/*.test.ts"], needs: "HAProxy, nginx and OpenSSL (Debian: apt-get install haproxy nginx-light openssl)" },
  { name: "postgres", specs: ["test/postgres/**/*.test.ts"], needs: "PostgreSQL (Debian: apt-get install postgresql), or a server named by TEST_DATABASE_URL" },
  { name: "azurite", specs: ["test/azurite/*.test.ts"], needs: "Azurite (npm ci --ignore-scripts --prefix test/azurite) and OpenSSL (Debian: apt-get install openssl)" },
  { name: "safeguards", specs: ["test/faults/safeguards.test.ts"], needs: "some minutes, because it runs the tests again for each safeguard, and PostgreSQL (Debian: apt-get install postgresql)" },
  { name: "faults", specs: ["test/faults/!(safeguards).test.ts"], needs: "some minutes, because it kills processes again and again, and PostgreSQL (Debian: apt-get install postgresql)" },
];
