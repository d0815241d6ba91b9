import { isReader, universal, type Reader } from "../texts/reader.ts";
import type { ArrivingActivity } from "./activity.ts";

/** How the sender's client says they read times: a claim that decides nothing. Whatever no clock knows is left at UTC. */
export function readerOf({ locale, localTimezone, entities }: ArrivingActivity): Reader {
  const info = (entities ?? []).find((entity) => entity.type === "clientInfo");
  const said = (key: string): string | null => {
    const value: unknown = info?.[key];
    return typeof value === "string" && value.length <= 64 ? value : null;
  };
  const reader = { locale: said("locale") ?? locale ?? universal.locale, timeZone: said("timezone") ?? localTimezone ?? universal.timeZone };
  return isReader(reader) ? reader : universal;
}
