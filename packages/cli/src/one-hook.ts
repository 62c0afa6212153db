/** Runs one hook of a table by its name. An unknown one is a fault: a gate that is asked and cannot answer blocks. */
import { fault } from "@wingman/model";
import { faultText } from "./fault-text.ts";
import { withGitlabLines } from "./gitlab-lines.ts";
import { EXIT, type Io } from "./io.ts";
import { commandLine, exitWith, processIo } from "./process-io.ts";

export type Hook = (args: readonly string[], io: Io) => Promise<number>;
export type Hooks = Readonly<Record<string, Hook>>;

/** `args`: the hook's name, then what git gave it. */
export async function oneHook(hooks: Hooks, args: readonly string[], io: Io): Promise<number> {
  const name = args[0] ?? "";
  const run = Object.hasOwn(hooks, name) ? hooks[name] : undefined;
  if (run === undefined)
    return fault(`there is no hook ${JSON.stringify(name)}`, {
      code: "usage/hook",
      hint: `hooks: ${Object.keys(hooks).join(", ")}; run wingman init again`,
    });
  const code = await run(args.slice(1), io);
  // UNVERIFIABLE is for a check's neutral answer; a hook has only yes and no.
  return code === EXIT.unverifiable ? EXIT.ok : code;
}

/**
 * A hook as a program of its own: what the starter (code-cache.ts) runs. It takes the arguments of
 * `wingman hook NAME`, so that a shim may start either.
 */
export function startHook(hooks: Hooks): void {
  // Until somebody has judged, the answer is no: node ends a program whose promise nobody can settle any
  // more, and unlike a module with a top-level await it would end it with 0, which lets the commit in.
  exitWith(EXIT.fault);
  const io = withGitlabLines(processIo());
  oneHook(hooks, commandLine().slice(1), io)
    .catch((error: unknown) => {
      io.err(faultText(error));
      return EXIT.fault;
    })
    .then(exitWith);
}
