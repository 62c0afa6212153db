/**
 * The user whom a server authenticated, out of the one variable that the server's own git config names.
 * Refuses variables that the pushing client fills, and names that stand for nobody in particular: a
 * deploy key pushes under its owner's or maker's name, and proves neither.
 */
import { configGet, type Repo } from "@wingman/git";
import { fault } from "@wingman/model";
import type { Io } from "./io.ts";

type Environment = Io["env"];

/** What a forge says besides the name, where the name alone would say too much. */
const FORGES: Readonly<Record<string, (env: Environment) => boolean>> = {
  // Gitea and Forgejo take the repository's owner for whoever holds a deploy key (routers/private/serv.go).
  GITEA_PUSHER_NAME: (env) => !/^0?$/.test(env["GITEA_DEPLOY_KEY_ID"] ?? ""),
  // GitLab: `user-7` is a user, `key-7` a deploy key under the name of whoever added it.
  GL_USERNAME: (env) => /^key-/.test(env["GL_ID"] ?? ""),
};

/**
 * Filled by whoever pushes: push options and the protocol line (GIT_*), HTTP headers (HTTP_*, RFC 3875),
 * what sshd takes over by many distributions' AcceptEnv (LANG, LC_*), and the client's own command.
 */
const CLIENTS_OWN =
  /^(?:GIT_.*|HTTP_.*|LC_.*|LANG|LANGUAGE|TERM|COLORTERM|TZ|DISPLAY|SSH_ORIGINAL_COMMAND|QUERY_STRING|PATH_INFO|CONTENT_.*)$/;

/** True where a client could set this variable to any name it likes. */
export function isClientsOwn(variable: string): boolean {
  return CLIENTS_OWN.test(variable);
}

/** The pusher, or undefined where nobody is proven. Faults `pusher/variable` on one that proves nothing. */
export async function pusherOf(repo: Repo, io: Io): Promise<string | undefined> {
  const told = await configGet(repo, "wingman.pusher");
  return pusherIn(told === undefined || told === "" ? "WINGMAN_PUSHER" : told, io.env);
}

/** The same of an environment. An empty or unset variable is nobody, never a name. */
export function pusherIn(variable: string, env: Environment): string | undefined {
  if (isClientsOwn(variable))
    fault(`wingman.pusher names ${variable}, which whoever pushes can set`, {
      code: "pusher/variable",
      hint: "git config wingman.pusher WINGMAN_PUSHER, and let an SSH forced command or the forge set it",
    });
  if (FORGES[variable]?.(env) === true) return undefined;
  const name = env[variable]?.trim() ?? "";
  // A name with a line break or a control character is no login of any server.
  return name === "" || name.length > 255 || /[\u0000-\u001f\u007f]/.test(name) ? undefined : name;
}
