import { compositions, implementations, packages, parts } from "./import-rules.mjs";

// The tables in import-rules.mjs as rules of dependency-cruiser.

const anchored = (names) => `^src/(${names.map(path).join("|")})`;
const path = (name) => (name.endsWith(".ts") ? `${name.replaceAll(".", "\\.")}$` : name === ".*" ? name : `${name}/`);
const error = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

const ownParts = parts.flatMap(({ part, imports, types = [], why }) => {
  const from = { path: anchored([part]) };
  return [
    error(`${part}: folders`, why, from, { path: "^src/", pathNot: anchored([part, ...imports, ...types]) }),
    ...(types.length === 0
      ? []
      : [error(`${part}: types only`, why, from, { path: anchored(types), pathNot: anchored([part, ...imports]), dependencyTypesNot: ["type-only"] })]),
  ];
});

const builtins = parts
  .filter(({ builtins }) => builtins !== null)
  .map(({ part, builtins, why }) =>
    error(`${part}: node modules`, why, { path: anchored([part]) }, { dependencyTypes: ["core"], ...(builtins.length > 0 && { pathNot: `^(node:)?(${builtins.join("|")})$` }) }),
  );

const fenced = packages
  .filter(({ by }) => !by.includes(".*"))
  .map(({ name, by, why }) => error(`package ${name}`, why, { path: "^src/", pathNot: anchored(by) }, { path: `^node_modules/${name}/` }));

export default {
  forbidden: [
    ...ownParts,
    ...builtins,
    ...fenced,
    error("no row", "A new part of src/ gets a row with a reason in import-rules.mjs.", {}, { path: "^src/", pathNot: anchored(parts.map(({ part }) => part)) }),
    error("no row for the package", "A new package gets a row with a reason in import-rules.mjs.", { path: "^src/" }, {
      path: "node_modules/",
      pathNot: [`^node_modules/(${packages.map(({ name }) => name).join("|")})/`, "^node_modules/@types/"],
    }),
    error("compositions are on top", "Whatever imports a composition cannot be composed.", { path: "^src/", pathNot: anchored(compositions) }, { path: anchored(compositions) }),
    error("implementations behind ports", "Whoever needs one gets it handed in.", { path: "^src/", pathNot: anchored([...compositions, ...implementations]) }, { path: anchored(implementations) }),
    error("node:sqlite", "One folder knows SQL.", { path: "^src/", pathNot: "^src/storage/" }, { path: "^(node:)?sqlite$" }),
    error("circular", "Two files that need each other are one file or three.", {}, { circular: true }),
    error("resolvable", "The import leads nowhere.", {}, { couldNotResolve: true }),
    error("declared", "The package is not in dependencies, or only for development.", { path: "^src/" }, {
      dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown", "npm-optional", "npm-peer", "npm-bundled", "unknown", "undetermined"],
      pathNot: "^node_modules/@types/",
    }),
    error("src stands alone", "Tests, benches and scripts use src, never the other way.", { path: "^src/" }, { path: "^(test|bench|scripts|bin|runtime)/" }),
  ],
  options: {
    tsPreCompilationDeps: true,
    parser: "tsc",
    preserveSymlinks: true,
    // Scripts of the console's page: a browser resolves their imports, from what the server serves.
    exclude: { path: "^src/web/(console|auditor)/page/" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
