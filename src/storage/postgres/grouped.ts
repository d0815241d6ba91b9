/** How writes of many drills share a transaction. */
export type Writes<One, Answer> = {
  /** Writes all of them in one transaction. When it throws, each is written by itself: what one breaks must not break the others. */
  readonly together: (ones: readonly One[]) => Promise<readonly Answer[]>;
  /** `again`: it may have been written already, by a transaction whose answer was lost. */
  readonly alone: (one: One, again: boolean) => Promise<Answer>;
  /** Two with one key are never on their way at the same time. */
  readonly key: (one: One) => string;
  /** Transactions on their way at once, each with a connection: what waits for one of them meanwhile goes into the next. */
  readonly atOnce: number;
};

type Waiting<One, Answer> = { readonly one: One; readonly resolve: (answer: Answer | Promise<Answer>) => void };

const most = 100;

/**
 * What is to be written while others are on their way goes to the database together: a round trip and a sync take as long
 * for fifty as for one. Whoever comes alone waits for nobody.
 */
export function grouped<One, Answer>({ together, alone, key, atOnce }: Writes<One, Answer>): (one: One) => Promise<Answer> {
  const busy = new Set<string>();
  let waiting: Waiting<One, Answer>[] = [];
  let underWay = 0;

  function next(): void {
    if (underWay >= atOnce) return;
    const group: typeof waiting = [];
    const later: typeof waiting = [];
    for (const each of waiting) {
      if (group.length === most || busy.has(key(each.one))) later.push(each);
      else {
        busy.add(key(each.one));
        group.push(each);
      }
    }
    waiting = later;
    if (group.length > 0) void write(group);
  }

  async function write(group: readonly Waiting<One, Answer>[]): Promise<void> {
    underWay += 1;
    const answers = await answersOf(group.map(({ one }) => one));
    group.forEach(({ resolve }, at) => resolve(answers[at]!));
    await Promise.allSettled(answers);
    for (const { one } of group) busy.delete(key(one));
    underWay -= 1;
    next();
  }

  async function answersOf(ones: readonly One[]): Promise<readonly Promise<Answer>[]> {
    if (ones.length === 1) return ones.map((one) => alone(one, false));
    return together(ones).then(
      (answers) => answers.map((answer) => Promise.resolve(answer)),
      () => ones.map((one) => alone(one, true)),
    );
  }

  return (one) =>
    new Promise((resolve) => {
      waiting.push({ one, resolve });
      // A turn of the event loop brings many: all of them are to be in the first group.
      setImmediate(next);
    });
}
