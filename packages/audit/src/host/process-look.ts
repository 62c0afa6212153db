/** Does a process of a name run? One in a container below, or that only shows the name, settles nothing. */
import type { Arguments } from "../arguments.ts";
import { quoted } from "../observation.ts";
import type { HostProcess, HostView } from "../reach.ts";
import { naming } from "./process-name.ts";
import type { Look } from "./seen-now.ts";

/** Looks for `name` (and `argv`, `user`); `runs`: what is claimed of it. */
export async function processLook(args: Arguments, host: HostView, runs: boolean): Promise<Look> {
  const name = args.text("name") ?? "";
  if (name.trim() === "") return { reason: "VACUOUS", why: "no process is named" };
  const seen = await host.processes();
  if ("reason" in seen) return seen;
  const all = seen.seen.map((process) => ({ process, fits: fits(process, args, name) }));
  const sure = all.find((one) => one.fits === "is")?.process;
  if (sure !== undefined) return { seen: { so: runs, says: told(sure) } };
  const doubt = all.find((one) => one.fits === "may")?.process;
  if (doubt === undefined)
    return { seen: { so: !runs, says: `no process ${quoted(name)} among ${all.length}` } };
  const why = doubt.elsewhere
    ? "in a process namespace of its own, as containers have; claim the container"
    : "shows that name, and nothing proves it; claim its program, with argv=…";
  return { seen: { open: "AMBIGUOUS", says: `${told(doubt)} ${why}` } };
}

function told({ pid, name, start, user, uid }: HostProcess): string {
  const whose = user ?? uid;
  const by = whose === undefined ? "" : ` of ${quoted(whose)}`;
  return `process ${pid} (${quoted(name)})${by}, started at tick ${start}`;
}

function fits(one: HostProcess, args: Arguments, name: string): "is" | "may" | "not" {
  const named = naming(one, name);
  const argv = args.text("argv");
  if (named === "not" || (argv !== undefined && !one.argv.join(" ").includes(argv))) return "not";
  const whose = isOf(one, args.text("user"));
  if (whose === "not") return "not";
  return named === "may" || whose === "may" || one.elsewhere === true ? "may" : "is";
}

/** A user whom this machine's own list does not have may have any name: directories hold others. */
function isOf({ uid, user }: HostProcess, wanted: string | undefined): "is" | "may" | "not" {
  if (wanted === undefined || wanted === user || wanted === uid) return "is";
  return user === undefined && !/^\d+$/.test(wanted) ? "may" : "not";
}
