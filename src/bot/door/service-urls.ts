/**
 * Whether a service URL names one of the allowed origins. The bot's own token goes to whatever URL it answers, so
 * anything that is not plainly one of them is refused: user information, another port, another scheme, no URL at all.
 */
export function isAllowedServiceUrl(serviceUrl: string, origins: readonly string[]): boolean {
  if (!URL.canParse(serviceUrl)) return false;
  const url = new URL(serviceUrl);
  return url.username === "" && url.password === "" && origins.includes(url.origin);
}
