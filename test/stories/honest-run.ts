/** A worker at work through Wingman's own commands, for stories about what happens around it. */
import { instructionText, repositoryAt, type TestRepository } from "@wingman/testkit";
import { type Governed, type GovernedOptions, governed, LOGINS } from "./governed.ts";

/** A governed server and clone on which INS-0007 is accepted. */
export async function governedWithOrder(options: GovernedOptions = {}): Promise<Governed> {
  return await governed({
    ...options,
    files: { ".wingman/instructions/INS-0007.md": instructionText(), ...options.files },
  });
}

/** Runs Wingman and gives its output; throws where it does not end well. */
export async function ok(at: TestRepository, ...args: string[]): Promise<string> {
  const ran = await at.wingman(args);
  if (ran.code !== 0) throw new Error(`wingman ${args.join(" ")}: ${ran.stderr}${ran.stdout}`);
  return ran.stdout;
}

/** The open run of a clone, as harness/name/run. */
export async function runOf(clone: TestRepository): Promise<string> {
  const { stdout } = await clone.wingman(["status", "--format", "json"]);
  return String((JSON.parse(stdout) as { run: unknown }).run);
}

/**
 * Carries out one whole run on a new branch and commits it, signed: one true claim, and with `lie`
 * one that is not so. Nothing is pushed. Gives the run's name.
 */
export async function carryOut(
  clone: TestRepository,
  world: Pick<Governed, "keys">,
  how: { readonly branch: string; readonly lie?: boolean; readonly path?: string },
): Promise<string> {
  const path = how.path ?? `src/keys/${how.branch}.mjs`;
  await clone.git("checkout", "-q", "-f", "-B", how.branch, "origin/main");
  await ok(clone, "start", "INS-0007", "--worker", "claude-code/alice");
  const run = await runOf(clone);
  clone.write(path, "export const days = 30;\n");
  await ok(clone, "claim", "file.created", `path=${path}`);
  if (how.lie) await ok(clone, "claim", "file.exists", "path=src/keys/never.mjs");
  await ok(clone, "done");
  await clone.git("add", "-A");
  await clone.commit("Work", { sign: world.keys.alice, trailer: run });
  return run;
}

/** Pushes HEAD to a branch of the same name, as the worker's login. */
export async function pushBranch(clone: TestRepository, branch: string): Promise<void> {
  const pushed = await clone.push(["-q", "origin", `HEAD:refs/heads/${branch}`], {
    pusher: LOGINS.alice,
  });
  if (pushed.code !== 0) throw new Error(`push: ${pushed.stderr}`);
}

/** A further clone of a server. */
export async function anotherClone(server: TestRepository, into?: string): Promise<TestRepository> {
  const clone = await (into === undefined ? server.clone() : server.clone(into));
  await clone.git("config", "user.name", "Mark");
  await clone.git("config", "user.email", "mark@acme.example");
  return repositoryAt(clone.folder);
}

export type LedgerRow = Readonly<Record<string, unknown>> & { readonly kind: string };

/** The ledger's records, of one kind or all. */
export async function records(at: TestRepository, kind?: string): Promise<LedgerRow[]> {
  const args = kind === undefined ? [] : ["--kind", kind];
  const text = await ok(at, "ledger", "show", "--format", "json", ...args);
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LedgerRow);
}

/** Records that would be one thing said twice: verdicts of one line, commit and answer. */
export async function repeatedVerdicts(at: TestRepository): Promise<string[]> {
  const seen = new Set<string>();
  return (await records(at, "verdict"))
    .map(({ claim, commit, verdict }) => JSON.stringify([claim, commit, verdict]))
    .filter((key) => seen.size === seen.add(key).size);
}
