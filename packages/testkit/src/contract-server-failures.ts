/**
 * How the server misbehaves when a test asks it to: refuse, wait, cut the line, speak garbage, or
 * carry a request out and lose its answer, which is what makes duplicates.
 */

/** The next `times` requests that match are answered so. */
export interface FailureRule {
  readonly method?: string;
  /** The beginning of a path, or an expression on it. Without it: every request. */
  readonly path?: string | RegExp;
  /** Default once. */
  readonly times?: number;
  /** So many matching requests pass first. */
  readonly after?: number;
  /** Without a status the true answer follows, after the delay. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text goes out as it is, garbage or not; anything else as JSON. */
  readonly body?: unknown;
  readonly delayMs?: number;
  /** Ends the connection: at once, or after so many bytes of the answer's body. */
  readonly cut?: boolean | number;
  /** Carries the request out all the same, and only its answer is another. */
  readonly performed?: boolean;
}

export interface Failure {
  /** How often it has struck. */
  readonly struck: () => number;
  readonly stop: () => void;
}

export interface Failures {
  readonly add: (rule: FailureRule) => Failure;
  /** The first rule that has something left for this request, counted. */
  readonly next: (method: string, path: string) => FailureRule | undefined;
}

export function failures(): Failures {
  const rules: { rule: FailureRule; pass: number; left: number; struck: number }[] = [];
  return {
    add: (rule) => {
      const row = { rule, pass: rule.after ?? 0, left: rule.times ?? 1, struck: 0 };
      rules.push(row);
      return {
        struck: () => row.struck,
        stop: () => {
          row.left = 0;
        },
      };
    },
    next: (method, path) => {
      for (const row of rules) {
        if (row.left === 0 || !matches(row.rule, method, path)) continue;
        if (row.pass > 0) {
          row.pass -= 1;
          continue;
        }
        row.left -= 1;
        row.struck += 1;
        return row.rule;
      }
      return undefined;
    },
  };
}

function matches(rule: FailureRule, method: string, path: string): boolean {
  if (rule.method !== undefined && rule.method.toUpperCase() !== method) return false;
  if (rule.path === undefined) return true;
  return typeof rule.path === "string" ? path.startsWith(rule.path) : rule.path.test(path);
}
