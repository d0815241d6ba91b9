import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

type Lock = { readonly packages: Readonly<Record<string, { readonly resolved?: string; readonly optionalDependencies?: Readonly<Record<string, string>> }>> };

for (const file of ["package-lock.json", "runtime/package-lock.json", "bench/peers/package-lock.json", "test/azurite/package-lock.json"]) {
  describe(file, () => {
    const { packages } = JSON.parse(readFileSync(file, "utf8")) as Lock;

    it("names no registry, so that everybody installs from their own", () => {
      assert.deepEqual(Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined), []);
    });

    // npm install forgives a platform package that a registry does not have (yet); npm ci then refuses the lockfile.
    it("holds every optional package that another one asks for", () => {
      const names = new Set(Object.keys(packages).map((path) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)));
      const asked = Object.values(packages).flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies));
      assert.deepEqual(asked.filter((name) => !names.has(name)), []);
    });
  });
}
