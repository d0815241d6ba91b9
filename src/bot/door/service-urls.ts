/**
 * Whether a service URL names one of the allowed origins. The bot's own token goes to whatever URL it answers, so
 * anything that is not plainly one of them is refused: user information, another port, another scheme, no URL at all.
 */
export function isAllowedServiceUrl(serviceUrl: string, origins: readonly string[]): boolean {
  if (!URL.canParse(serviceUrl)) return false;
  const url = new URL(serviceUrl);
  return url.username === "" && url.password === "" && origins.includes(url.origin);
}

/** Whether a file may be fetched from here: HTTPS at its usual port on a host of the list, or an origin of the list. */
export function isFileAddress(address: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.username !== "" || url.password !== "") return false;
  return hosts.some((host) => (host.startsWith(".") ? url.protocol === "https:" && url.port === "" && url.hostname.endsWith(host) : url.origin === host));
}
