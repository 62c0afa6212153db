/**
 * What a hook says to a person behind GitLab's web interface: GitLab shows lines of a hook there only if
 * they begin with `GL-HOOK-ERR:` (docs: Git server hooks, custom error messages). A push by git reads the
 * hook's own words over the wire and needs none.
 */
import type { Io } from "./io.ts";

/** The same Io, its messages prefixed where GitLab calls for its web interface (merge, edit, API). */
export function withGitlabLines(io: Io): Io {
  const { GL_ID: user, GL_PROTOCOL: protocol } = io.env;
  if (!user || protocol === "ssh" || protocol === "http") return io;
  return { ...io, err: (text) => io.err(text.replace(/^(?=.)/gm, "GL-HOOK-ERR: ")) };
}
