/**
 * Which file names are environment files: the places where people keep the values that must not be
 * in a repository. Refuses them under any case, with any backup suffix; examples of them are welcome.
 */
import { foldPath, type RepoPath } from "@wingman/model";

/** `env`: never enters. `sealed`: its name says that it is encrypted, and its content has to be. */
export type EnvFile = "env" | "sealed";

/** What says that a file is only a form to fill in: it stands in the name as a word of its own. */
const EXAMPLE =
  /(?:^|[._~ -])(?:examples?|samples?|templates?|tmpl|tpl|dist|defaults?|schema|spec|skel|skeleton|stub|placeholder|example-\w+)(?:$|[._~ -])/;
/** dotenv-vault, sops, age, gpg, Laravel, git-secret: the values are encrypted by their tool. */
const SEALED = /[._-](?:vault|enc|encrypted|sops|age|gpg|asc|pgp|secret)$/;
/** `.env`, `.env.prd.bak`, `.env~`, `.env-old`, `.env copy`, `.env (1)`. Not `.envrc`, not `.environment`. */
const DOTTED = /^\.env(?:$|[^a-z0-9])/;
/** Emacs' autosave and lock, vim's swap of a file below a hidden name, and Finder's copies. */
const EDITED = /^(?:#\.env.*#|\.#\.env.*|\.\.env.*|copy of \.env.*|kopie von \.env.*)$/;
/** A stage that is live, or a word that says what is in the file. */
const LIVE = "(?:prod|production|prd|live|staging|stage|secrets?|credentials?|creds)";
/**
 * `prod.env`, `secrets.env.bak`, `backup.env.gz`, `env.production`. Other `NAME.env` files are ordinary
 * settings of compose files, and `env.production.ts` is code; the secret scanner reads them.
 */
const STAGED = new RegExp(
  `(?:^|[._-])(?:${LIVE}|backups?|bak)[._-]env(?:$|[._~ -])` +
    `|^env[._-]${LIVE}(?:$|[~ -]|[._](?:local|bak|backup|old|orig|save|copy|gz|bz2|xz|zst|zip|tar|tgz|\\d)(?:$|[._~ -]))`,
);
/** Folders whose files all are values: `.env.d/db`, and the live stages of `.envs/`. Their notes are not. */
const FOLDER = new RegExp(`(?:^|/)(?:\\.env\\.d|\\.envs/\\.?${LIVE})/`);
const NOTES = /\.(?:md|rst|adoc)$|^readme|^\.git(?:keep|ignore)$/;

/** What kind of environment file the path names, or undefined. Of `.env/` nothing follows: it may be a virtualenv. */
export function envFileOf(path: RepoPath): EnvFile | undefined {
  // Windows and SMB drop dots and blanks at the end of a name: `.env.` is `.env` there.
  const folded = foldPath(path.slice(path.lastIndexOf("/") + 1));
  // Nearly every name is ASCII: none of it is invisible, and a class of Unicode takes long to set up.
  const visible = /^[\x20-\x7e]*$/.test(folded)
    ? folded
    : folded.normalize("NFKC").replace(/\p{Cf}/gu, "");
  const name = visible.replace(/(?<=.)[. ]+$/, "");
  const inside = FOLDER.test(foldPath(path)) && !NOTES.test(name);
  if (!inside && !DOTTED.test(name) && !EDITED.test(name) && !STAGED.test(name)) return undefined;
  if (EXAMPLE.test(name)) return undefined;
  return SEALED.test(name) ? "sealed" : "env";
}

/** Folders of tests and examples: a file there configures nothing that runs. */
const EXERCISE =
  /(?:^|\/)(?:__)?(?:tests?|testdata|test[-_]data|fixtures?|specs?|e2e|snapshots?|examples?|samples?|demos?)(?:__)?\//;

/** True where the file stands among tests or examples: it is told, and let through. */
export function isExercise(path: RepoPath): boolean {
  return EXERCISE.test(foldPath(path));
}

/** How much of a sealed file is looked at; a line in clear behind it is for the secret scanner. */
const LOOKED_AT = 1 << 20;

/** True where no line gives a name a value in clear: what sops, dotenvx or dotenv-vault leave behind. */
export function isSealed(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, LOOKED_AT));
  for (const line of text.toString("latin1").split(/\r\n|\n|\r/)) {
    const match =
      /^\s{0,100}(?:export\s{1,20})?([A-Za-z_]\w{0,200})\s{0,20}[=:]\s{0,20}["']?(\S)/.exec(line);
    if (match === null) continue;
    const value = line.slice(match[0].length - 1);
    const tools = /^(?:sops_\w+|DOTENV_(?:VAULT|PUBLIC_KEY)\w*|Version|Comment)$/i;
    if (tools.test(match[1] ?? "")) continue;
    if (!/^(?:ENC\[|encrypted:)/.test(value)) return false;
  }
  return true;
}
