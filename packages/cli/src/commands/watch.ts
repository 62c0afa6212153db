/** `wingman watch`: acts on what the ledger says and nobody has heard of yet. */
import { openRepo } from "@wingman/git";
import { fault, isFault, visible } from "@wingman/model";
import { followLedger, ledgerPaths } from "@wingman/watch";
import { alertOnce } from "../alert.ts";
import { EXIT, type Io } from "../io.ts";

export interface WatchOptions {
  readonly once?: boolean;
  readonly key?: string;
  readonly interval?: string;
}

/** One pass with `--once`, else until it is stopped. A pass that fails is told and tried again. */
export async function watch(options: WatchOptions, io: Io): Promise<number> {
  const seconds = Number(options.interval ?? "2");
  if (!(seconds > 0 && seconds <= 3600))
    return fault(`--interval ${options.interval ?? ""} is no number of seconds from 1 to 3600`, {
      code: "usage/interval",
      hint: "wingman watch --interval 2",
    });
  if (options.once) {
    const { performed, failed } = await alertOnce(io, options.key);
    // The last line of a pass: the demo reads in watch.log by it that a detached one is through.
    io.err(`wingman watch: ${performed} step${performed === 1 ? "" : "s"} performed\n`);
    // What starts it on a schedule must see that somebody has not heard.
    return failed === 0 ? EXIT.ok : EXIT.fault;
  }
  const repo = await openRepo({ cwd: io.cwd, env: io.env });
  const paths = ledgerPaths(repo.commonDir);
  await repo.close();
  io.err(`wingman watch: following ${paths.length} paths, a look every ${seconds} s\n`);
  await followLedger({
    paths,
    // Nothing aborts it: whoever kills it in the middle of a pass loses nothing (see the outbox).
    signal: new AbortController().signal,
    pollMs: seconds * 1000,
    onChange: async () => {
      await alertOnce(io, options.key);
    },
    onError: (error) => {
      const what = error instanceof Error ? error.message : String(error);
      const help = isFault(error) ? `\n  help: ${error.hint}` : "";
      io.err(`wingman watch: this pass failed and is tried again: ${visible(what)}${help}\n`);
    },
  });
  return EXIT.ok;
}
