/** The Bot Framework's side of the page: everything a person does becomes an activity posted to /api/messages. */

/** Thrown when the bot gave no usable answer; `message` is for people. */
export class NotDelivered extends Error {}

/** @param {{serviceUrl: string, channelId: string, conversationId: string, bot: {id: string, name: string}}} channel */
export function createProtocol(channel) {
  async function post(person, activity) {
    let response;
    try {
      response = await fetch("/api/messages", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          id: crypto.randomUUID(),
          timestamp: new Date().toISOString(),
          channelId: channel.channelId,
          serviceUrl: channel.serviceUrl,
          from: { id: person.id, name: person.name },
          recipient: channel.bot,
          conversation: { id: channel.conversationId, isGroup: true, conversationType: "groupChat" },
          ...activity,
        }),
      });
    } catch {
      throw new NotDelivered("Drillbook cannot be reached. Nothing was sent; try again when it is back.");
    }
    if (response.status === 401) throw new NotDelivered("This browser is no longer signed in. Open the newest link from the terminal.");
    if (!response.ok) throw new NotDelivered(`Drillbook did not take this (${response.status}).`);
    const text = await response.text();
    return text === "" ? null : JSON.parse(text);
  }

  return {
    greet: (person) => post(person, { type: "conversationUpdate", membersAdded: [channel.bot] }),
    say: (person, text) => post(person, { type: "message", text, textFormat: "plain" }),
    /** A file goes along as its bytes: there is no other place here where the bot could fetch it. */
    attach: (person, text, { name, type, url }) => post(person, { type: "message", text, attachments: [{ contentType: type || "application/octet-stream", contentUrl: url, name }] }),
    submit: (person, messageId, data) => post(person, { type: "message", value: data, replyToId: messageId }),
    /** Asks for the person's own view of a card, as a client does by itself. */
    refresh: (person, messageId, { verb, data }) =>
      post(person, {
        type: "invoke",
        name: "adaptiveCard/action",
        replyToId: messageId,
        value: { action: { type: "Action.Execute", verb, data }, trigger: "automatic" },
      }),
    /** Returns what the bot tells only this person: {type, value}. */
    execute: (person, messageId, { id, verb, data }) =>
      post(person, {
        type: "invoke",
        name: "adaptiveCard/action",
        replyToId: messageId,
        value: { action: { type: "Action.Execute", id, verb, data }, trigger: "manual" },
      }),
  };
}

/**
 * Follows the conversation for as long as the page is open. The browser reconnects by itself while the server is away;
 * when it gives up (a 401 or a proxy's answer) it is asked again here, from where it was.
 */
export function followConversation({ after, onActivity, onState }) {
  let last = after;
  function open() {
    const source = new EventSource(`/console/events?after=${last}`);
    source.addEventListener("open", () => onState("connected"));
    source.addEventListener("activity", (event) => {
      last = Number(event.lastEventId);
      onActivity(JSON.parse(event.data));
    });
    source.addEventListener("error", async () => {
      if (source.readyState !== EventSource.CLOSED) return onState("reconnecting");
      onState((await isSignedOut()) ? "signed-out" : "reconnecting");
      setTimeout(open, 3000);
    });
  }
  open();
}

async function isSignedOut() {
  try {
    return (await fetch("/console/people")).status === 401;
  } catch {
    return false;
  }
}
