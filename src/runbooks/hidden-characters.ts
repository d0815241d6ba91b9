/** Control characters, and those that turn the reading direction. Tabs and line ends are no secret. For replace and matchAll. */
export const hiddenCharacters = /(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
