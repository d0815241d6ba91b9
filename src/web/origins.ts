/** The names by which a browser on this machine may ask for a server on the loopback interface. */
function ownHosts(port: number): readonly string[] {
  return ["127.0.0.1", "localhost", "[::1]"].map((name) => (port === 80 ? name : `${name}:${port}`));
}

/** A page of another site can point its own name at 127.0.0.1; its requests then carry that name in Host. */
export function isOwnHost(host: string | string[] | undefined, port: number): boolean {
  return typeof host === "string" && ownHosts(port).includes(host.toLowerCase());
}

/** A browser sends Origin with every POST; a request without one is from something that is not our page. */
export function isOwnOrigin(origin: string | string[] | undefined, host: string | string[] | undefined, port: number): boolean {
  return isOwnHost(host, port) && typeof host === "string" && origin === `http://${host.toLowerCase()}`;
}
