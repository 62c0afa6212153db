/** A cache that holds at most so many bytes and lets the longest unused go first. */

/** Least recently used, bounded by weight. */
export class BoundedCache<T> {
  readonly #limit: number;
  readonly #held = new Map<string, { value: T; weight: number }>();
  #weight = 0;

  /** `limit`: bytes in all; a single value above it is not kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): T | undefined {
    const held = this.#held.get(key);
    if (held === undefined) return undefined;
    // A Map keeps insertion order: put in again, it is the youngest.
    this.#held.delete(key);
    this.#held.set(key, held);
    return held.value;
  }

  set(key: string, value: T, weight: number): void {
    if (weight > this.#limit) return;
    const old = this.#held.get(key);
    if (old !== undefined) this.#weight -= old.weight;
    this.#held.delete(key);
    this.#held.set(key, { value, weight });
    this.#weight += weight;
    for (const [oldest, { weight: freed }] of this.#held) {
      if (this.#weight <= this.#limit) break;
      this.#held.delete(oldest);
      this.#weight -= freed;
    }
  }
}
