/**
 * How far around a repository a command may see nothing: other repositories of the same account, with
 * their keys, usually lie beside it. It never covers a folder of the system or one on the way to a program.
 */
import { existsSync, realpathSync } from "node:fs";
import { dirname } from "node:path";

/** Folders of the system, in which what lies beside the repository is not its like. */
const SYSTEM =
  /^\/(?:(?:bin|boot|dev|etc|home|lib\w*|media|mnt|nix|opt|private|proc|root|run|sbin|snap|srv|sys|tmp|usr|var|Users|Volumes)|usr\/local|var\/tmp|dev\/shm|private\/(?:tmp|var))?$/;

/**
 * The widest folder around `place` that can be covered, or `place` itself. `programs`: absolute paths of
 * folders and files that a command needs.
 */
export function neighbourhood(place: string, programs: readonly string[]): string {
  const needed = programs.flatMap((one) => (existsSync(one) ? [one, realpathSync(one)] : [one]));
  const leads = (folder: string): boolean =>
    needed.some((one) => one === folder || one.startsWith(`${folder}/`));
  let widest = place;
  for (let above = dirname(place); !SYSTEM.test(above); above = dirname(above)) {
    if (leads(above)) break;
    widest = above;
  }
  return widest;
}
