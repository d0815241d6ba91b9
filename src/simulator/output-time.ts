/** Sample outputs name moments as `{now-95m}`, because an old one would be sick for its age alone. Gives ISO 8601 in UTC. */
export function atNow(text: string, now: Date): string {
  return text.replace(/\{now-(\d{1,6})m\}/g, (_, minutes: string) => new Date(now.getTime() - Number(minutes) * 60_000).toISOString());
}
