/** One redirect that was followed: where to, with which Host, and what came back. */
export type Hop = {
  readonly url: string;
  readonly host: string | null;
  readonly address: string;
  readonly status: number | null;
  readonly reason: string;
  readonly location: string | null;
};

/** `arrived`: the last answer is no redirect. `say` tells the end in words. */
export type Hops = {
  readonly hops: readonly Hop[];
  readonly end: "arrived" | "loop" | "grows" | "too-many" | "lost";
  readonly say: string;
};
