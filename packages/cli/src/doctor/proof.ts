/**
 * Proof: what one canary showed of one enforcement point. Only what was seen to refuse it fires; what
 * nobody can see from here is unproven, never installed.
 */

export interface Proof {
  /** As `pre-commit`. */
  readonly point: string;
  /** `silent`: it should have fired, and did not. `unproven`: not to be seen from here. */
  readonly outcome: "fires" | "silent" | "unproven";
  /** One line: what was seen. */
  readonly says: string;
  readonly help?: string;
}

/** What git did with a canary. */
export interface CanaryRun {
  readonly code: number;
  readonly stderr: string;
  /** Git's own trace (trace2 events, one a line). */
  readonly trace: string;
}

/** What a hook said, and what git says of starting it. */
export interface Expected {
  readonly hook: string;
  /** Codes of findings that only this canary's content makes. */
  readonly findings: RegExp;
  /** What to do where git does not start it. */
  readonly help: string;
  /** What git says where it could not come as far as the hook. */
  readonly busy?: RegExp;
}

/**
 * The proof of a canary that a hook is to refuse. Git's trace says whether git itself started the hook,
 * the finding that it was Wingman who spoke: another hook's no proves nothing of ours.
 */
export function proofOf(run: CanaryRun, { hook, findings, help, busy }: Expected): Proof {
  const hooks = startedHooks(run.trace);
  const started = hooks.get(hook);
  const heard = run.stderr.replace(/^remote: /gm, "");
  if (started === undefined) {
    if (busy?.test(heard) === true)
      return {
        point: hook,
        outcome: "unproven",
        says: `git was busy or may not write here: ${firstLine(heard)}`,
      };
    const [before] = [...hooks].find(([, code]) => code !== 0) ?? [];
    if (before !== undefined)
      return {
        point: hook,
        outcome: "unproven",
        says: `git did not come as far: ${before} refused before it`,
      };
    return { point: hook, outcome: "silent", says: "git does not start it", help };
  }
  if (findings.test(heard)) {
    const weight = started === 0 ? "fires, and only warns" : "fires, and refuses";
    return { point: hook, outcome: "fires", says: weight };
  }
  // A pipe to Wingman that broke: our own words, or the line of a committed hook that found no Wingman.
  const ours = /^wingman: .*/m.exec(heard)?.[0];
  if (ours !== undefined)
    return { point: hook, outcome: "silent", says: `git starts it, and it did not judge: ${ours}` };
  if (started === 0)
    return {
      point: hook,
      outcome: "silent",
      says: "git starts a hook, and Wingman is not asked by it",
      help,
    };
  return {
    point: hook,
    outcome: "unproven",
    says: `another hook refused the canary before Wingman was asked: ${firstLine(heard)}`,
  };
}

/** Hooks that git started, with the first exit code other than 0 of each. */
export function startedHooks(trace: string): ReadonlyMap<string, number> {
  const names = new Map<string, string>();
  const codes = new Map<string, number>();
  for (const line of trace.split("\n")) {
    if (!line.startsWith("{")) continue;
    const event = parsed(line);
    const key = `${String(event["sid"])} ${String(event["child_id"])}`;
    if (event["event"] === "child_start" && event["child_class"] === "hook") {
      const name = String(event["hook_name"]);
      names.set(key, name);
      // A hook that is still waited for when git dies has no exit.
      if (!codes.has(name)) codes.set(name, 0);
    }
    const name = event["event"] === "child_exit" ? names.get(key) : undefined;
    if (name !== undefined && codes.get(name) === 0) codes.set(name, Number(event["code"]));
  }
  return codes;
}

function parsed(line: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return {}; // A line that was cut by the end of a process.
  }
}

function firstLine(text: string): string {
  return (text.split("\n").find((line) => line.trim() !== "") ?? "it said nothing").slice(0, 200);
}
