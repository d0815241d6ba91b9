import { createRequire } from "node:module";
import { DrillbookError } from "../../errors.ts";

type Connector = {
  readonly EmulatorValidation?: { readonly ToBotFromEmulatorTokenValidationParameters?: { readonly issuer?: unknown } };
};

/**
 * The SDK adds four issuers to one list for every new `tid` that it reads from a token, before it verifies anything: a
 * stranger could fill the memory, or add an issuer. Freezes that list and returns it; throws `internal` when it is not
 * where it was, because the bot must not open without this.
 */
export function freezeEmulatorIssuers(): readonly unknown[] {
  // Found from botbuilder, so that it is the very copy that botbuilder uses.
  const ofBotbuilder = createRequire(createRequire(import.meta.url).resolve("botbuilder"));
  const { EmulatorValidation } = ofBotbuilder("botframework-connector") as Connector;
  const issuers = EmulatorValidation?.ToBotFromEmulatorTokenValidationParameters?.issuer;
  if (!Array.isArray(issuers)) {
    throw new DrillbookError("internal", "The SDK's list of token issuers is not where it was.", "Use botbuilder 4.23.3, with which this was tested.");
  }
  return Object.freeze(issuers);
}
