/**
 * `wingman hook NAME`: what hook managers may call; the shims start the same hooks' own files
 * (hook-local.ts, hook-server.ts), which hold nothing else. Local hooks are a courtesy to an honest worker;
 * pre-receive is the authority: any finding or FALSE refuses the whole push, and a fault blocks too.
 */
import type { Io } from "../io.ts";
import { type Hooks, oneHook } from "../one-hook.ts";

/** The table of hooks. Each is loaded when git asks for it. */
const HOOKS: Hooks = {
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

/** Runs one hook. */
export async function hook(args: readonly string[], io: Io): Promise<number> {
  return await oneHook(HOOKS, args, io);
}
