/** `wingman watch`: acts on what the ledger says and nobody has heard of yet. */
import { join } from "node:path";
import { fault } from "@wingman/model";
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
  for (;;) {
    const sent = await alertOnce(io, options.key);
    if (options.once) {
      // The last line of a pass: the demo reads in watch.log by it that a detached one is through.
      io.err(`wingman watch: ${sent} step${sent === 1 ? "" : "s"} performed\n`);
      return EXIT.ok;
    }
    await new Promise((wake) => setTimeout(wake, seconds * 1000));
  }
}

/** Where the detached watcher of a server writes. */
export function watchLog(folder: string): string {
  return join(folder, "watch.log");
}
