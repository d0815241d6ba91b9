/** Waits for whoever started us to ask for an end. */
export function stopped(stop: () => Promise<void>): Promise<number> {
  return new Promise((resolve) => {
    const end = (): void => void stop().then(() => resolve(0));
    process.once("SIGINT", end);
    process.once("SIGTERM", end);
  });
}
