import { drawCard, markSent } from "./cards.js";
import { markdownToHtml } from "./markdown.js";
import { NotDelivered } from "./protocol.js";

const { AdaptiveCards } = globalThis;

/** Closer to the end than this, in pixels, and the reader is following along. */
const followWithin = 48;

/**
 * The list of messages. A message that is edited is drawn again in its place; the reader's place in the list stays,
 * unless they are reading at the end.
 */
export function createMessages({ list, scroller, newest, announcer, protocol, person }) {
  const shown = new Map();

  function show(activity) {
    const following = isAtEnd();
    const known = shown.get(activity.id);
    if (known && known.activity.change >= activity.change) return;
    const entry = known ?? addEntry(activity);
    const isNews = !known || withoutFigures(known.activity.text) !== withoutFigures(activity.text);
    entry.activity = activity;
    // Whatever one person was shown alone is older than this. What a button opened to be filled in stays for as long as that button is offered.
    for (const [id, { opener }] of entry.views) if (!offers(activity.card, opener)) entry.views.delete(id);
    draw(entry);
    if (isNews && activity.from.id !== person().id) announce(`${activity.from.name}: ${activity.text}`);
    if (following || (!known && activity.from.id === person().id)) toEnd();
    else if (!known) newest.hidden = false;
  }

  function addEntry(activity) {
    const item = document.createElement("li");
    item.className = "message";
    item.innerHTML = `<span class="avatar" aria-hidden="true"></span>
      <div class="content"><p class="meta"><span class="name"></span> <time></time></p>
      <div class="bubble"></div><p class="aside" hidden></p></div>`;
    const [avatar, bubble, aside] = [".avatar", ".bubble", ".aside"].map((part) => item.querySelector(part));
    dressAvatar(avatar, activity.from, activity.fromBot);
    item.querySelector(".name").textContent = activity.from.name;
    const time = item.querySelector("time");
    time.dateTime = activity.at;
    time.textContent = clock(new Date(activity.at));
    time.title = new Date(activity.at).toLocaleString();
    list.append(item);
    const entry = { activity, item, bubble, aside, views: new Map(), asides: new Map(), busy: false };
    shown.set(activity.id, entry);
    return entry;
  }

  function draw(entry) {
    const { activity, item, bubble } = entry;
    item.classList.toggle("own", !activity.fromBot && activity.from.id === person().id);
    const card = entry.views.get(person().id)?.card ?? activity.card;
    const key = card ? JSON.stringify(card) : `text ${activity.text}`;
    if (entry.key !== key) {
      entry.key = key;
      drawContent(entry, card);
    }
    item.classList.toggle("has-card", card !== null);
    item.classList.toggle("wide", card?.msteams?.width === "Full");
    bubble.setAttribute("aria-label", card ? activity.text : "");
    drawAside(entry);
    void lookAsPerson(entry);
  }

  /** A card that offers a view of one's own is asked for it once for each of its states. */
  async function lookAsPerson(entry) {
    const by = person();
    const { card, change } = entry.activity;
    const offered = card?.refresh?.userIds?.includes(by.id) ? card.refresh.action : null;
    const asked = `${change} ${by.id}`;
    if (offered === null || entry.views.has(by.id) || entry.asked === asked) return;
    entry.asked = asked;
    try {
      const reply = await protocol.refresh(by, entry.activity.id, offered);
      // A page that was turned to meanwhile is newer than the view that was asked for.
      if (entry.activity.change !== change || entry.views.has(by.id) || reply?.type !== "application/vnd.microsoft.card.adaptive") return;
      entry.views.set(by.id, { card: reply.value, opener: null });
      // It may be longer than what it takes the place of.
      const following = isAtEnd();
      draw(entry);
      if (following) toEnd();
    } catch {
      // The card that everybody sees is good enough.
    }
  }

  function drawContent(entry, card) {
    const { activity, bubble } = entry;
    if (card) {
      bubble.tabIndex = -1;
      bubble.setAttribute("role", "group");
      if (drawCard(bubble, card, (action) => act(entry, action))) return;
    }
    bubble.drawn = undefined;
    if (activity.fromBot) bubble.innerHTML = markdownToHtml(activity.text);
    else bubble.textContent = activity.text;
  }

  async function act(entry, action) {
    if (action instanceof AdaptiveCards.OpenUrlAction) return openLink(entry, action.url);
    if (entry.busy) return;
    const by = person();
    setBusy(entry, true);
    try {
      if (action instanceof AdaptiveCards.ExecuteAction) {
        const reply = await protocol.execute(by, entry.activity.id, { id: action.id, verb: action.verb ?? "", data: action.data ?? {} });
        // Whoever turns a page has not said yet what they are writing.
        if (action.verb !== "page") markSent(entry.bubble);
        takeReply(entry, by, reply, action.verb);
        if (action.verb === "page") entry.item.scrollIntoView({ block: "start" });
      } else if (action instanceof AdaptiveCards.SubmitAction) {
        await protocol.submit(by, entry.activity.id, action.data ?? {});
        markSent(entry.bubble);
        tell(entry, by, "");
      }
    } catch (error) {
      tell(entry, by, error instanceof NotDelivered ? error.message : "That could not be sent.");
    } finally {
      setBusy(entry, false);
    }
  }

  function takeReply(entry, by, reply, verb) {
    if (reply?.type === "application/vnd.microsoft.card.adaptive") {
      // The same card once more, such as another page of it, offers the same button again.
      entry.views.set(by.id, { card: reply.value, opener: offers(reply.value, verb) ? null : verb });
      tell(entry, by, "");
    } else {
      tell(entry, by, typeof reply?.value === "string" ? reply.value : "");
    }
  }

  /** What only one person is told, under the card it is about. */
  function tell(entry, to, text) {
    const following = isAtEnd();
    entry.asides.set(to.id, { text, at: new Date() });
    draw(entry);
    if (text) announce(text);
    if (following) toEnd();
  }

  function drawAside(entry) {
    const { text, at } = entry.asides.get(person().id) ?? { text: "" };
    entry.aside.hidden = text === "";
    // It was true when it was said, and the card above it goes on.
    entry.aside.innerHTML = text === "" ? "" : `<span class="only">Only ${escaped(firstName(person()))} sees this · ${clock(at)}</span>${markdownToHtml(text)}`;
  }

  function openLink(entry, address) {
    const url = new URL(address, location.href);
    if (url.origin === location.origin) window.open(url, "_blank", "noopener");
    else tell(entry, person(), `The console opens no other sites. The link is: ${url.href}`);
  }

  function setBusy(entry, busy) {
    entry.busy = busy;
    entry.bubble.setAttribute("aria-busy", String(busy));
  }

  function announce(text) {
    const line = document.createElement("p");
    line.textContent = text;
    announcer.append(line);
    while (announcer.childElementCount > 20) announcer.firstElementChild.remove();
  }

  let atEnd = true;
  const isAtEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < followWithin;
  function toEnd() {
    scroller.scrollTop = scroller.scrollHeight;
    newest.hidden = true;
    atEnd = true;
  }
  newest.addEventListener("click", toEnd);
  scroller.addEventListener(
    "scroll",
    () => {
      atEnd = isAtEnd();
      if (atEnd) newest.hidden = true;
    },
    { passive: true },
  );
  // A phone's keyboard takes half of the room: whoever was reading the newest message goes on reading it.
  new ResizeObserver(() => atEnd && toEnd()).observe(scroller);

  return {
    show,
    toEnd,
    isEmpty: () => shown.size === 0,
    /** Another person looks at the same conversation. */
    lookAgain: () => shown.forEach(draw),
  };
}

/** The golden angle keeps neighbours apart, however many people there are. */
const hues = new Map();

/** Initials on a colour that stays with the person. */
export function dressAvatar(avatar, { id, name }, isBot = false) {
  avatar.classList.toggle("bot", isBot);
  if (isBot) return;
  avatar.textContent = name.split(/\s+/u).map((word) => word[0] ?? "").slice(0, 2).join("").toUpperCase();
  if (!hues.has(id)) hues.set(id, (hues.size * 137 + 20) % 360);
  avatar.style.setProperty("--hue", String(hues.get(id)));
}

/** A clock that runs on in a card is nothing to read out every two seconds. */
function withoutFigures(text) {
  return text.replaceAll(/\d+/gu, "0");
}

function clock(at) {
  return at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

/** Whether the card has a button of this verb. */
function offers(card, verb) {
  return verb !== null && (card?.actions ?? []).some((action) => action.verb === verb);
}

function firstName(person) {
  return person.name.split(" ")[0];
}

function escaped(text) {
  const span = document.createElement("span");
  span.textContent = text;
  return span.innerHTML;
}
