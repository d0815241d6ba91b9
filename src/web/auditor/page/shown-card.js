import { hostConfig } from "./host-config.js";
import { markdownToHtml } from "./markdown.js";

const { AdaptiveCards } = globalThis;

AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = markdownToHtml(text);
  result.didProcess = true;
};

/** Draws a stored card; what is pressed in it does nothing, because it was decided long ago. */
for (const place of document.querySelectorAll("[data-card]")) {
  const response = await fetch(place.dataset.card);
  if (!response.ok) continue;
  const card = new AdaptiveCards.AdaptiveCard();
  card.hostConfig = new AdaptiveCards.HostConfig(hostConfig);
  card.onExecuteAction = () => undefined;
  card.parse(await response.json());
  const drawn = card.render();
  if (!drawn) continue;
  for (const control of drawn.querySelectorAll("button, input, select, textarea, a[href]")) {
    if (control.matches("a")) control.removeAttribute("href");
    else control.disabled = true;
  }
  drawn.removeAttribute("tabindex");
  place.replaceChildren(drawn);
  place.classList.add("drawn");
}
