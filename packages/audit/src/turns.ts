/**
 * Who of those that wait for others may be under way at the same time. Looks at a host and commands never
 * are: a command with a network could play the server that a claim speaks of, for as long as it runs.
 */

/** What is asked of the outside: a look at a host, an engine or a remote; or a command of the policy. */
export type Outside = "look" | "command";

/** Looks at hosts that are under way together. */
export const LOOKS = 8;

interface UnderWay {
  readonly kind: Outside;
  readonly most: number;
  beside: boolean;
}

interface Waiting {
  readonly kind: Outside;
  readonly most: number;
  start(): void;
}

/** Hands out turns, shared by all runs of an audit. Whoever can begin does, in the order of asking. */
export class Turns {
  readonly #underWay = new Set<UnderWay>();
  #waiting: Waiting[] = [];

  /**
   * Does this once there is room: at most `most` of its kind together, itself counted, and none of the
   * other kind. `beside`: whether anything else was under way for a moment of it.
   */
  async take<T>(
    kind: Outside,
    most: number,
    work: () => Promise<T>,
  ): Promise<{ readonly value: T; readonly beside: boolean }> {
    const turn: UnderWay = { kind, most, beside: false };
    await new Promise<void>((start) => {
      this.#waiting.push({ kind, most, start: () => start(this.#begin(turn)) });
      this.#next();
    });
    try {
      const value = await work();
      return { value, beside: turn.beside };
    } finally {
      this.#underWay.delete(turn);
      this.#next();
    }
  }

  /** How many of a kind are under way. */
  underWay(kind: Outside): number {
    return [...this.#underWay].filter((one) => one.kind === kind).length;
  }

  #begin(turn: UnderWay): void {
    this.#underWay.add(turn);
    if (this.#underWay.size === 1) return;
    for (const one of this.#underWay) one.beside = true;
  }

  #next(): void {
    const left: Waiting[] = [];
    for (const one of this.#waiting)
      if (this.#hasRoom(one)) one.start();
      else left.push(one);
    this.#waiting = left;
  }

  #hasRoom({ kind, most }: Waiting): boolean {
    const { size } = this.#underWay;
    for (const one of this.#underWay)
      if (one.kind !== kind || size >= Math.min(most, one.most)) return false;
    return true;
  }
}
