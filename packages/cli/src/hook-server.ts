/** The hooks of a server as one file of code with nothing else in it; see code-cache.ts. */
import { startHook } from "./one-hook.ts";
import { postReceive, preReceive } from "./server-hooks.ts";

startHook({
  "pre-receive": (_args, io) => preReceive(io),
  "post-receive": (_args, io) => postReceive(io),
});
