import { fitted } from "./fit.ts";
import { withPictures, type KeptBytes } from "./pictures.ts";
import type { CardJson, Outgoing } from "./message.ts";
import { deliveryTexts } from "../texts/notices.ts";

/** The body of the reply to an `adaptiveCard/action` invoke, as the Universal Actions protocol wants it. */
export type InvokeReply = { readonly statusCode: 200; readonly type: string; readonly value: string | CardJson };

/** The first message of an answer goes back in the reply itself: only the person who clicked sees it. */
export async function invokeReply(answer: Outgoing | undefined, kept: KeptBytes): Promise<InvokeReply> {
  const message = answer && (await withPictures(fitted(answer), kept));
  if (message?.card) return { statusCode: 200, type: "application/vnd.microsoft.card.adaptive", value: message.card };
  return { statusCode: 200, type: "application/vnd.microsoft.activity.message", value: message?.text ?? deliveryTexts.done };
}
