import type { SdkAuthentication } from "../../../src/bot/door/door.ts";
import { appId as usualAppId } from "./tenant.ts";

/** Signs what the bot sends with this token, so that it can be told, and asks no Entra. `disabled`: the SDK is told that nothing that arrives has to be verified. */
export const botCredentials = (token: string, { appId = usualAppId, disabled = false } = {}): SdkAuthentication["credentials"] => ({
  isValidAppId: async (id) => id === appId,
  isAuthenticationDisabled: async () => disabled,
  createCredentials: async () => ({
    signRequest: async (request) => {
      request.headers.set("authorization", `Bearer ${token}`);
      return request;
    },
  }),
});
