import { z } from "zod";

/** What Azure says about a failure, in its own words and free of secrets. */
export type AzureSays = { readonly code: string; readonly message: string; readonly causes: string; readonly action: string };

const detail = z.object({
  code: z.string().catch(""),
  message: z.string().catch(""),
  possibleCauses: z.string().catch(""),
  recommendedAction: z.string().catch(""),
});
const envelope = z.object({ error: detail.extend({ details: z.array(detail).catch([]) }) });

/**
 * Reads the body of an error answer. Site Recovery puts causes and advice into `error.details`; some services and
 * gateways answer flat JSON or HTML, of which the beginning is kept.
 */
export function azureSays(body: string): AzureSays {
  const json = parsed(body);
  const known = envelope.safeParse(json);
  if (known.success) {
    const { error } = known.data;
    const inner = error.details.find((d) => d.possibleCauses !== "" || d.recommendedAction !== "");
    return clean({ code: error.code, message: error.message, causes: inner?.possibleCauses ?? "", action: inner?.recommendedAction ?? "" });
  }
  const flat = detail.safeParse(json);
  if (flat.success && flat.data.message !== "") return clean({ code: flat.data.code, message: flat.data.message, causes: "", action: "" });
  return clean({ code: "", message: body.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim().slice(0, 300), causes: "", action: "" });
}

/** Takes out what looks like a token, a key or a shared access signature: these texts reach cards and evidence. */
export function withoutSecrets(text: string): string {
  return text
    .replace(/\bBearer\s+[\w.~+/=-]+/gi, "Bearer [removed]")
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, "[removed]")
    .replace(/\b(sig|sharedaccesssignature|accountkey|client_secret|password)=[^&\s"']+/gi, "$1=[removed]");
}

function clean(says: AzureSays): AzureSays {
  return {
    code: withoutSecrets(says.code),
    message: withoutSecrets(says.message),
    causes: withoutSecrets(says.causes),
    action: withoutSecrets(says.action),
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
