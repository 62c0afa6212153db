/**
 * `git.commit` and `git.touches`: what history shows. A commit that cannot be reached is never
 * FALSE: amend and rebase give commits new ids, and the worker that named the old one did not lie.
 */
import type { Commit, PathChange, RepoPath } from "@wingman/model";
import { quotePath, runOfMessage, runOfPath, runText } from "@wingman/model";
import type { Arguments } from "../arguments.ts";
import { above, indexBelow } from "../below.ts";
import type { ClaimPath } from "../claim-path.ts";
import type { ClaimType } from "../claim-type.ts";
import { contradicts, holds, quoted, unverifiable } from "../observation.ts";
import type { Scene } from "../scene.ts";
import { findCommit } from "./find-commit.ts";

export const gitCommit: ClaimType = {
  type: "git.commit",
  title: "a commit in the run's history has this author or this text in its message",
  example: { type: "git.commit", args: { commit: "run", message: "Rotate the keys" } },
  args: {
    commit: { kind: "text", required: true },
    author: { kind: "text" },
    message: { kind: "text" },
  },
  apart: (args) => args.text("commit") !== "run",
  witness: "git",
  // Message and author are written by whoever commits.
  forgeable: true,
  judge: async (args, scene) => {
    const name = args.text("commit") ?? "";
    const [author, message] = [args.text("author"), args.text("message")];
    const said = [
      ...(author === undefined ? [] : [`author ${quoted(author)}`]),
      ...(message === undefined ? [] : [`${quoted(message)} in its message`]),
    ];
    const expected = `commit ${quoted(name)} ${said.length === 0 ? "is in the history" : `has ${said.join(" and ")}`}`;
    if (author?.trim() === "" || message?.trim() === "")
      return unverifiable("VACUOUS", expected, "an empty text is in every commit");
    if (name === "run" && said.length === 0)
      return unverifiable(
        "VACUOUS",
        expected,
        "every run has a commit; claim its author, message or paths",
      );
    const commit = await findCommit(scene, name, expected);
    if ("answer" in commit) return commit;
    const wrong: string[] = [];
    if (author !== undefined && !isAuthor(commit.author, author))
      wrong.push(`its author is ${quoted(commit.author)}`);
    if (message !== undefined && !oneLine(commit.message).includes(oneLine(message)))
      wrong.push(`its message begins ${quoted(commit.message.split("\n")[0] ?? "")}`);
    const observed = `commit ${commit.oid.slice(0, 12)}`;
    if (wrong.length > 0 && name === "run" && !isNamed(commit, scene))
      return unverifiable(
        "AMBIGUOUS",
        expected,
        `${observed}: ${wrong.join(", ")}; it does not name the run, perhaps a squash of its commits`,
      );
    const unread = wrong.length > 0 && `${commit.author}${commit.message}`.includes("\ufffd");
    if (unread)
      return unverifiable(
        "AMBIGUOUS",
        expected,
        `${observed}: its text is in an encoding it does not name`,
      );
    return wrong.length === 0
      ? holds(expected, observed)
      : contradicts(expected, `${observed}: ${wrong.join(", ")}`);
  },
};

export const gitTouches: ClaimType = {
  type: "git.touches",
  title:
    "a commit (`run`: the one that closes the run) changes these paths; with `only`, no others",
  example: { type: "git.touches", args: { commit: "run", paths: ["src/keys"], only: true } },
  args: {
    commit: { kind: "text", required: true },
    path: { kind: "path" },
    paths: { kind: "paths" },
    only: { kind: "flag" },
  },
  apart: (args) => args.text("commit") !== "run",
  witness: "git",
  forgeable: false,
  covers: (args) => named(args).map(({ path }) => ({ path, below: true })),
  judge: async (args, scene) => {
    const name = args.text("commit") ?? "";
    const places = named(args);
    const only = args.flag("only") === true;
    const list = places
      .slice(0, 5)
      .map(({ path }) => quotePath(path))
      .join(", ");
    const expected = `commit ${quoted(name)} changes ${only ? "only " : ""}${list}${places.length > 5 ? ", …" : ""}`;
    if (args.has("path") && args.has("paths"))
      return unverifiable("MALFORMED", expected, "give `path` or `paths`");
    if (places.length === 0) return unverifiable("VACUOUS", expected, "no path is named");
    const commit = await findCommit(scene, name, expected);
    if ("answer" in commit) return commit;
    const touched = await scene.run?.history.touched(commit);
    if (touched === undefined || touched === "unknown")
      return unverifiable(
        "NO_WITNESS",
        expected,
        "the commit's own changes are not all here (shallow clone)",
      );
    const wrong = complaint(touched, places, only, scene);
    const formed = wrong !== undefined && places.some(({ path }) => /[^\x00-\x7f]/.test(path));
    if (formed && complaint(...inOneForm(touched, places), only, scene) === undefined)
      return unverifiable("AMBIGUOUS", expected, `${wrong}, but a name in another Unicode form`);
    const observed = `commit ${commit.oid.slice(0, 12)}: ${wrong ?? `${touched.length} paths changed`}`;
    if (name !== "run" || scene.run === undefined || scene.run.incomplete)
      return wrong === undefined ? holds(expected, observed) : contradicts(expected, observed);
    // `run` stands for P; a worker of several commits means them all. Both readings must agree.
    const whole = complaint(scene.run.diff, places, only, scene);
    if ((whole === undefined) === (wrong === undefined))
      return wrong === undefined ? holds(expected, observed) : contradicts(expected, observed);
    return unverifiable("AMBIGUOUS", expected, `${observed}; over the whole run: ${whole ?? "so"}`);
  },
};

/** What contradicts the claim on a list of changes, or undefined. */
function complaint(
  touched: readonly PathChange[],
  places: readonly ClaimPath[],
  only: boolean,
  scene: Scene,
): string | undefined {
  const index = indexOf(touched);
  const untouched = places.find(({ path }) => !index.has(path));
  if (untouched !== undefined) return `it does not change ${quotePath(untouched.path)}`;
  if (!only) return undefined;
  const exact = new Set(places.map(({ path }) => path));
  const ownClaims = scene.run === undefined ? "" : runText(scene.run.name);
  const other = touched.find(({ path }) => {
    if (above(path).some((one) => exact.has(one))) return false;
    const claims = runOfPath(path);
    return claims === undefined || runText(claims) !== ownClaims;
  });
  return other === undefined ? undefined : `it changes ${quotePath(other.path)} as well`;
}

/** Names as they look: macOS writes NFD where somebody types NFC. */
function inOneForm(
  touched: readonly PathChange[],
  places: readonly ClaimPath[],
): [readonly PathChange[], readonly ClaimPath[]] {
  const formed = <T extends { readonly path: RepoPath }>(one: T): T => ({
    ...one,
    path: one.path.normalize("NFC"),
  });
  return [touched.map(formed), places.map(formed)];
}

/** Made once for a list of changes: a thousand claims ask of the same commit. */
const indexes = new WeakMap<readonly PathChange[], ReadonlyMap<RepoPath, RepoPath>>();

function indexOf(touched: readonly PathChange[]): ReadonlyMap<RepoPath, RepoPath> {
  const known = indexes.get(touched);
  if (known !== undefined) return known;
  const index = indexBelow(touched.map(({ path }) => path));
  indexes.set(touched, index);
  return index;
}

function named(args: Arguments): readonly ClaimPath[] {
  const one = args.path("path");
  return one === undefined ? (args.paths("paths") ?? []) : [one];
}

/**
 * True where the closing commit is the worker's own: by its trailer, by its proof, or since the run was
 * opened in an earlier one. A squash brings the whole file at once, under a title that the forge makes.
 */
function isNamed({ message }: Commit, { run }: Scene): boolean {
  if (run === undefined) return false;
  const closer = run.file.close && run.broughtBy.get(run.file.close.seq);
  if (closer?.proven === true && closer.kind === "worker") return true;
  if (closer !== run.broughtBy.get(0)) return true;
  const said = runOfMessage(message);
  return typeof said === "object" && "run" in said && runText(said.run) === runText(run.name);
}

/** `Name <mail>`, or the name or the mail alone. */
function isAuthor(author: string, said: string): boolean {
  // No pattern with a repeat before the bracket: the author is the worker's text, a megabyte of it.
  const [open, close] = [author.lastIndexOf("<"), author.lastIndexOf(">")];
  const name = open < 0 ? author : author.slice(0, open);
  const mail = open < 0 || close < open ? "" : author.slice(open + 1, close);
  const wanted = oneLine(said).toLowerCase();
  if (wanted === "") return false;
  const forms = [name, mail, `<${mail}>`, `${name.trim()} <${mail}>`];
  return forms.some(
    (form) => oneLine(form).normalize("NFC").toLowerCase() === wanted.normalize("NFC"),
  );
}

function oneLine(text: string): string {
  return text.normalize("NFC").replace(/\s+/g, " ").trim();
}
