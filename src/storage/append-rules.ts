import { DrillbookError } from "../errors.ts";
import type { Append } from "../drills/ports.ts";

/** What every store asks of an append before it looks at what is stored. Throws `bad-input`. */
export function requireSequence(append: Append): void {
  const { drill, expectedSeq, events } = append;
  events.forEach((event, index) => {
    const seq = expectedSeq + index + 1;
    if (event.drill !== drill) throw refused(`an event of drill ${event.drill} was to be appended to drill ${drill}`);
    if (event.seq !== seq) throw refused(`event ${event.seq} of drill ${drill} stands where event ${seq} belongs`);
    if ((event.type === "drill.launched") !== (seq === 1)) throw refused(`event ${seq} of drill ${drill} is ${event.type}; a drill starts with drill.launched, once`);
  });
  if (expectedSeq === 0 && events.length === 0) throw refused(`drill ${drill} would start without an event`);
}

function refused(why: string): DrillbookError {
  return new DrillbookError("bad-input", `Nothing was stored: ${why}.`, "This is a fault in Drillbook: keep the log and report it.");
}
