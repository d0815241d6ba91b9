import type { DatabaseSync } from "node:sqlite";
import type { AddressStore } from "../../bot/addresses.ts";
import type { Conversation } from "../../bot/message.ts";
import type { Writer } from "./writer.ts";

/** Personal addresses, in the file that holds the drills. */
export function sqliteAddressStore(db: DatabaseSync, write: Writer): AddressStore {
  const put = db.prepare("INSERT OR REPLACE INTO address (person, conversation) VALUES (?, ?)");
  const drop = db.prepare("DELETE FROM address WHERE person = ? AND conversation = coalesce(?, conversation)");
  const all = db.prepare("SELECT person, conversation FROM address");
  const one = db.prepare("SELECT person, conversation FROM address WHERE person = ?");
  return {
    async putAddress(person, conversation) {
      await write(() => put.run(person, JSON.stringify(conversation)));
    },
    async dropAddress(person, at) {
      drop.run(person, at === undefined ? null : JSON.stringify(at));
    },
    async addresses(people) {
      const rows = people === undefined ? all.all() : people.flatMap((person) => one.all(person));
      return rows.map((row) => [String(row["person"]), JSON.parse(String(row["conversation"])) as Conversation] as const);
    },
  };
}
