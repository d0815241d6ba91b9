/** What the bot and the web server write to the log: facts first, as pino takes them. Never a token or a body. */
export type Log = {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
};
