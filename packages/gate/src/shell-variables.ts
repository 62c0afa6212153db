/**
 * Variables that a shell text sets itself: `F=--force; git push $F`. Values are short and their sum
 * is bounded, so that no text can grow without end; one that tries is said to be boundless.
 */

/** A longer value is no option and no program. */
const MAX_VALUE = 120;
const MAX_NAMES = 2000;

export class Variables {
  readonly #values = new Map<string, string>();
  #left: number;
  #exhausted = false;

  /** `length`: of the text, which may grow four times by what it expands. */
  constructor(length: number) {
    this.#left = 4 * length + 10_000;
  }

  get exhausted(): boolean {
    return this.#exhausted;
  }

  /** Takes `NAME=value` words. */
  learn(assigned: readonly string[]): void {
    for (const one of assigned) {
      const match = /^([A-Za-z_]\w{0,100})\+?=([^]*)$/.exec(one);
      if (match === null || (match[2] ?? "").length > MAX_VALUE) continue;
      if (this.#values.size < MAX_NAMES || this.#values.has(match[1] ?? ""))
        this.#values.set(match[1] ?? "", match[2] ?? "");
    }
  }

  /** What stands for the `$…` at an offset, and where it ends. An unknown one stands for itself. */
  at(text: string, at: number): { value: string; end: number } {
    NAMED.lastIndex = at;
    const match = NAMED.exec(text);
    if (match === null) return { value: "$", end: at + 1 };
    const end = at + match[0].length;
    const known = this.#values.get(match[1] ?? match[2] ?? "");
    const value = known ?? match[3] ?? match[0];
    if (value.length <= match[0].length) return { value, end };
    this.#left -= value.length;
    if (this.#left < 0) this.#exhausted = true;
    return { value: this.#exhausted ? match[0] : value, end };
  }
}

const NAMED = /\$(?:([A-Za-z_]\w{0,100})|\{([A-Za-z_]\w{0,100})(?::?[-=]([^{}]{0,120}))?\})/y;

/** A double-quoted text with the variables that are known. */
export function expanded(text: string, variables: Variables): string {
  if (!text.includes("$")) return text;
  let made = "";
  for (let at = 0; at < text.length; ) {
    const next = text.indexOf("$", at);
    if (next === -1) return made + text.slice(at);
    const { value, end } = variables.at(text, next);
    made += text.slice(at, next) + value;
    at = end;
  }
  return made;
}
