import type { RequestRecord } from "../../drills/events.ts";
import { html, type Html } from "../../evidence/report/markup.ts";

/** A request to Azure as it is on record: what was sent, what came back, and the ids by which Azure's own logs find it. */
export function rawRequest(r: RequestRecord): Html {
  const sent = [`${r.method} ${r.path}`, ...header("x-ms-client-request-id", r.clientRequestId), ...(r.bodySha256 === null ? [] : [`body with SHA-256 ${r.bodySha256}`])];
  const came = r.status === null ? ["no answer came"] : [`status ${r.status}`, ...header("x-ms-request-id", r.requestId), ...header("x-ms-correlation-request-id", r.correlationId)];
  return html`<pre class="request"><b>sent ${r.at}</b>
${sent.join("\n")}

<b>${r.status === null ? "after" : "answered after"} ${r.durationMs} ms</b>
${came.join("\n")}</pre>`;
}

function header(name: string, value: string | null): readonly string[] {
  return value === null ? [] : [`${name}: ${value}`];
}
