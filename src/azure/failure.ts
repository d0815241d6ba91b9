import { RestError, isRestError } from "@azure/core-rest-pipeline";
import { DrillbookError, asDrillbookError } from "../errors.ts";
import type { ErrorCode } from "../errors.ts";
import { azureSays, withoutSecrets } from "./azure-answer.ts";
import type { WriteAttempt } from "./call.ts";

// A connection that was never made: these come from the resolver and from connect, before a byte is written.
const neverConnected = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);

/** What a failed read means. `what` completes "Azure could not be asked for …". */
export function readFailure(thrown: unknown, what: string): DrillbookError {
  if (thrown instanceof DrillbookError) return thrown;
  if (isRestError(thrown) && thrown.statusCode !== undefined) {
    const { code, suggestion } = meaning(thrown.statusCode, thrown.response?.headers.get("retry-after") ?? null);
    return answered(code, `Azure did not give ${what}`, thrown.statusCode, bodyOf(thrown), suggestion, thrown);
  }
  if (isCredentialFailure(thrown)) return notSignedIn("azure-refused", thrown);
  if (!isRestError(thrown) && !(thrown instanceof Error && thrown.name === "AbortError")) return asDrillbookError(thrown);
  const message = `Azure could not be asked for ${what}: ${reason(thrown)}.`;
  return new DrillbookError("azure-unreachable", message, "Check the network and Azure's status page, then try again.", { cause: thrown });
}

/** The newer clients keep the parsed error and not the text that it came in. */
function bodyOf({ response, code, message }: RestError): string {
  return response?.bodyAsText || (code === undefined ? "" : JSON.stringify({ error: { code, message } }));
}

/** What a write that gave no job means: whether it certainly did not start, or nobody knows. */
export function writeFailure(attempt: WriteAttempt, thrown: unknown, what: string): DrillbookError {
  const { answer } = attempt;
  if (answer !== null && answer.status >= 200 && answer.status < 300) return acceptedWithoutJob(what, thrown);
  if (answer !== null && answer.status >= 400 && answer.status < 500 && answer.status !== 408) {
    const { code, suggestion } = meaning(answer.status, answer.header("retry-after"));
    return answered(code === "not-found" ? "azure-refused" : code, `Azure refused ${what}`, answer.status, answer.body, suggestion, thrown);
  }
  if (answer !== null) return unknownOutcome(what, `Azure answered ${answer.status}`, thrown);
  if (!attempt.sent) return notSent(what, thrown);
  if (thrown instanceof RestError && neverConnected.has(thrown.code ?? "")) return notSent(what, thrown);
  return unknownOutcome(what, reason(thrown), thrown);
}

function meaning(status: number, retryAfter: string | null): { code: ErrorCode; suggestion: string } {
  if (status === 429) return { code: "azure-throttled", suggestion: `Azure asks for fewer requests. Wait ${retryAfter === null ? "a minute" : `${retryAfter} seconds`} and try again.` };
  if (status === 404) return { code: "not-found", suggestion: "Check the name and whether Drillbook's identity may see it." };
  if (status === 401 || status === 403) return { code: "azure-refused", suggestion: "Give Drillbook's identity the drill role on the vault, then try again." };
  if (status >= 500 || status === 408) return { code: "azure-unreachable", suggestion: "Azure has a fault of its own: try again in a few minutes." };
  return { code: "azure-refused", suggestion: "Look at the vault in the Azure portal, put right what Azure names, and try again." };
}

function answered(code: ErrorCode, head: string, status: number, body: string, suggestion: string, cause: unknown): DrillbookError {
  const says = azureSays(body);
  const label = says.code === "" ? `HTTP ${status}` : `${says.code}, HTTP ${status}`;
  const causes = says.causes === "" ? "" : ` Possible causes: ${says.causes}`;
  return new DrillbookError(code, `${head} (${label}): ${says.message || "it gave no reason."}${causes}`, says.action || suggestion, { cause });
}

function acceptedWithoutJob(what: string, cause: unknown): DrillbookError {
  return unknownOutcome(what, "Azure accepted it without naming a job", cause);
}

function unknownOutcome(what: string, why: string, cause: unknown): DrillbookError {
  const message = `Nobody can tell whether ${what} started: ${why}.`;
  return new DrillbookError("outcome-unknown", message, "Look for the job in the vault before anything is sent again.", { cause });
}

function notSent(what: string, cause: unknown): DrillbookError {
  if (cause instanceof DrillbookError) return cause;
  if (isCredentialFailure(cause)) return notSignedIn("not-now", cause);
  return new DrillbookError("not-now", `Nothing was sent for ${what}: ${reason(cause)}.`, "Check the network and try again.", { cause });
}

function isCredentialFailure(thrown: unknown): boolean {
  return thrown instanceof Error && /^(Aggregate)?Authentication(Required)?Error$|^CredentialUnavailableError$/.test(thrown.name);
}

function notSignedIn(code: ErrorCode, cause: unknown): DrillbookError {
  return new DrillbookError(code, `Drillbook could not sign in to Azure: ${reason(cause)}.`, "Check the managed identity, or the AZURE_ environment variables, of this machine.", { cause });
}

function reason(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return withoutSecrets(message.split("\n")[0] ?? "").replace(/\.$/, "").slice(0, 300);
}
