/**
 * `wingman hook NAME`: what the hook shims call. Local hooks are a courtesy to an honest worker;
 * pre-receive is the authority: any finding or FALSE refuses the whole push, and a fault blocks too.
 */
import { fault } from "@wingman/model";
import { EXIT, type Io } from "../io.ts";

type Hook = (args: readonly string[], io: Io) => Promise<number>;

/** The table of hooks. Each is loaded when git asks for it. */
const HOOKS: Readonly<Record<string, Hook>> = {
  "pre-commit": async (_args, io) => (await import("../local-hooks.ts")).preCommit(io),
  "pre-merge-commit": async (_args, io) => (await import("../local-hooks.ts")).preCommit(io),
  "commit-msg": async (args, io) =>
    (await import("../local-hooks.ts")).commitMsg(args[0] ?? "", io),
  "pre-push": async (args, io) => (await import("../local-hooks.ts")).prePush(args, io),
  "reference-transaction": async (args, io) =>
    (await import("../tripwire.ts")).tripwire(args[0] ?? "", io),
  "pre-receive": async (_args, io) => (await import("../server-hooks.ts")).preReceive(io),
  "post-receive": async (_args, io) => (await import("../server-hooks.ts")).postReceive(io),
};

/** Runs one hook. An unknown name is a fault: a gate that is asked and cannot answer blocks. */
export async function hook(args: readonly string[], io: Io): Promise<number> {
  const name = args[0] ?? "";
  const run = Object.hasOwn(HOOKS, name) ? HOOKS[name] : undefined;
  if (run === undefined)
    return fault(`there is no hook ${JSON.stringify(name)}`, {
      code: "usage/hook",
      hint: `hooks: ${Object.keys(HOOKS).join(", ")}; run wingman init again`,
    });
  const code = await run(args.slice(1), io);
  // UNVERIFIABLE is for a check's neutral answer; a hook has only yes and no.
  return code === EXIT.unverifiable ? EXIT.ok : code;
}
