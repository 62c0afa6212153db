/** The hooks of a clone as one file of code with nothing else in it; see code-cache.ts. */
import { commitMsg, preCommit, prePush } from "./local-hooks.ts";
import { startHook } from "./one-hook.ts";
import { tripwire } from "./tripwire.ts";

startHook({
  "pre-commit": (_args, io) => preCommit(io),
  "pre-merge-commit": (_args, io) => preCommit(io),
  "commit-msg": (args, io) => commitMsg(args[0] ?? "", io),
  "pre-push": (args, io) => prePush(args, io),
  "reference-transaction": (args, io) => tripwire(args[0] ?? "", io),
});
