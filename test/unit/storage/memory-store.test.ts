import type { DrillStore } from "../../../src/drills/ports.ts";
import { memoryStore } from "../../fakes/memory-store.ts";
import { drillStoreContract } from "./drill-store-contract.ts";

describe("the tests' store in memory", () => {
  drillStoreContract(() => {
    let store: DrillStore = memoryStore();
    return { open: async () => (store = memoryStore()), reopen: async () => store };
  });
});
