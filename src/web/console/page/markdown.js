/** The part of Markdown that Teams shows in a card: bold, italic, code, lists and links. No HTML, no pictures. */
const markdown = globalThis.markdownit("zero", { html: false, breaks: true }).enable([
  "emphasis",
  "backticks",
  "link",
  "list",
  "newline",
  "escape",
  "entity",
]);

markdown.validateLink = (url) => /^(?:https?:|mailto:)/iu.test(url.trim());

markdown.renderer.rules.link_open = (tokens, index, options, _env, renderer) => {
  tokens[index].attrSet("target", "_blank");
  tokens[index].attrSet("rel", "noopener noreferrer");
  return renderer.renderToken(tokens, index, options);
};

/** Returns HTML that is safe to insert: every character of the text is escaped or part of the above. */
export function markdownToHtml(text) {
  return markdown.render(text);
}
