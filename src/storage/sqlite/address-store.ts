import type { DatabaseSync } from "node:sqlite";
import type { AddressStore } from "../../bot/addresses.ts";
import type { Conversation } from "../../bot/message.ts";
import type { Writer } from "./writer.ts";

/** Personal addresses, in the file that holds the drills. */
export function sqliteAddressStore(db: DatabaseSync, write: Writer): AddressStore {
  const put = db.prepare("INSERT OR REPLACE INTO address (person, conversation) VALUES (?, ?)");
  const all = db.prepare("SELECT person, conversation FROM address");
  return {
    async putAddress(person, conversation) {
      await write(() => put.run(person, JSON.stringify(conversation)));
    },
    async addresses() {
      return all.all().map((row) => [String(row["person"]), JSON.parse(String(row["conversation"])) as Conversation] as const);
    },
  };
}
