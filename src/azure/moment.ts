/** A time as Azure gives it, in ISO 8601, or null when there is none: unset times come as the year 1 or 1753. */
export function moment(time: Date | null | undefined): string | null {
  if (!time || Number.isNaN(time.getTime()) || time.getUTCFullYear() < 1900) return null;
  return time.toISOString();
}
