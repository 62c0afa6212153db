/** Why an archive cannot be answered from, and what it may cost. */

/** Thrown by whatever reads an archive; becomes the claim's reason. */
export class ArchiveRefused extends Error {
  readonly reason: "UNSUPPORTED" | "BUDGET" | "AMBIGUOUS" | "NO_WITNESS";
  constructor(reason: ArchiveRefused["reason"], why: string) {
    super(why);
    this.reason = reason;
  }
}

const MOST_ENTRIES = 2_000_000;
/** Unpacked, of one archive. */
const MOST_UNPACKED = 8 * 1024 * 1024 * 1024;

/** Counts what is unpacked; throws where it is too much. `spend` asks the run's budget. */
export class Meter {
  #bytes = 0;
  #entries = 0;
  readonly #spend: (bytes: number) => boolean;
  constructor(spend: (bytes: number) => boolean) {
    this.#spend = spend;
  }
  bytes(count: number): void {
    this.#bytes += count;
    if (this.#bytes > MOST_UNPACKED || !this.#spend(count))
      throw new ArchiveRefused("BUDGET", "the archive unpacks to more than is looked through");
  }
  entry(): void {
    this.#entries += 1;
    if (this.#entries > MOST_ENTRIES)
      throw new ArchiveRefused("BUDGET", `the archive holds more than ${MOST_ENTRIES} entries`);
  }
}
