/**
 * What no canary can show: who else decides here (hook folders, switches in the environment, forges), and
 * what an enforcement point is worth. It says what is not proven from here, and calls a courtesy one.
 */
import { stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { configGet, type Repo } from "@wingman/git";
import type { LedgerRecord } from "@wingman/ledger";
import { type Policy, quotePath, visible } from "@wingman/model";
import { CLONE_HOOKS, isShim } from "../hook-shims.ts";
import { exists, hooksPath, neighbours, textAt } from "../install-facts.ts";
import { isInstalled, isWhole, programFolder, readManifest } from "../install-program.ts";
import type { Io } from "../io.ts";
import type { WholePlace } from "../place.ts";
import { VERSION } from "../version.ts";
import type { Proof } from "./proof.ts";

/** The installed program: hooks run that one. */
export async function programProof(repo: Repo, io: Io): Promise<Proof> {
  const point = "installed program";
  const folder = programFolder(repo.commonDir);
  const manifest = await readManifest(folder);
  const help = "wingman init puts this program there";
  if (manifest === undefined)
    return { point, outcome: "silent", says: "there is none in the git directory", help };
  if (!(await isWhole(folder)))
    return { point, outcome: "silent", says: "its files are not what its manifest says", help };
  if (!(await isInstalled(io.programDir, folder)))
    return {
      point,
      outcome: "silent",
      says: `it is version ${manifest.version} and not this program (${VERSION}): hooks judge by another one`,
      help,
    };
  return {
    point,
    outcome: "fires",
    says: `version ${manifest.version}, whole, and the one that runs now`,
  };
}

/** Why git may not start a hook, and what to do. */
export async function hookHelps(repo: Repo): Promise<(hook: string) => string> {
  const helps = new Map<string, string>();
  const told = await hooksPath(repo);
  const folder = await hookFolder(repo, told?.path);
  for (const hook of CLONE_HOOKS) {
    const path = join(folder, hook);
    const text = await textAt(path);
    const mode = text === undefined ? 0 : (await stat(path)).mode;
    const shown = quotePath(path);
    if (text === undefined) helps.set(hook, `there is no ${shown}: wingman init`);
    else if ((mode & 0o111) === 0) helps.set(hook, `chmod +x ${shown}: git skips it as it is`);
    else if (!isShim(text))
      helps.set(
        hook,
        `${shown} does not call Wingman: run wingman init again, or see what switches it off`,
      );
  }
  return (hook) => helps.get(hook) ?? "see what switches it off, then run wingman init again";
}

async function hookFolder(repo: Repo, told: string | undefined): Promise<string> {
  if (told === undefined) return join(repo.commonDir, "hooks");
  return isAbsolute(told) ? told : join(repo.workTree ?? repo.gitDir, told);
}

// Switches of hook managers and of git itself that take hooks away without a word.
const SWITCHES = ["HUSKY", "LEFTHOOK", "SKIP", "SKIP_SIMPLE_GIT_HOOKS", "WINGMAN_SKIP"];

/** What a person should know of this repository, beside the proofs. */
export async function notesOf(place: WholePlace, io: Io): Promise<string[]> {
  const { repo, trusted } = place;
  const notes: string[] = [];
  const told = await hooksPath(repo);
  if (told !== undefined)
    notes.push(`core.hooksPath is ${quotePath(told.path)} (${told.scope} configuration)`);
  for (const name of SWITCHES)
    if (io.env[name] !== undefined) notes.push(`${name} is set in this environment`);
  if (io.env["GIT_CONFIG_COUNT"] !== undefined || io.env["GIT_CONFIG_PARAMETERS"] !== undefined)
    notes.push(
      "this environment carries git configuration (GIT_CONFIG_COUNT or GIT_CONFIG_PARAMETERS)",
    );
  if (!trusted.established)
    notes.push("there is no policy yet: the built-in one judges secrets and hostile objects only");
  else if (trusted.policy.mode === "warn")
    notes.push("mode: warn: findings are told and let pass, and nobody is locked");
  if (trusted.policy.identity.unattributed === "person")
    notes.push(
      "identity.unattributed is person: whoever proves nothing counts as a person, so the rules about workers are an honour system",
    );
  if (await repo.shallow())
    notes.push(
      "this clone is shallow: what lies beyond its end is not judged (git fetch --unshallow)",
    );
  if (repo.format === "sha256") notes.push("this is a SHA-256 repository");
  notes.push(repo.bare ? await serverWorth(repo) : CLONE_WORTH);
  return notes;
}

const CLONE_WORTH =
  "hooks of a clone are a courtesy: whoever works here can switch them off; a server or a required check refuses";

/** TRUST.md §10: what makes a server no authority, as far as it can be seen. */
async function serverWorth(repo: Repo): Promise<string> {
  const shared = await configGet(repo, "core.sharedRepository");
  const { mode } = await stat(join(repo.commonDir, "objects"));
  if ((shared !== undefined && !/^(?:false|umask|0)$/i.test(shared)) || (mode & 0o022) !== 0)
    return "a COURTESY: others may write here directly (core.sharedRepository, or the folder's mode), past every hook";
  return "an authority only behind git-shell, a forced command or a forge, under an account that is nobody's own: with a path remote or a shell the pusher chooses the program, and this is a courtesy. Which it is cannot be seen from here";
}

/** Enforcement that stands elsewhere: it may be there, and nothing here can show it. */
export async function elsewhere(repo: Repo, remote: string | undefined): Promise<Proof[]> {
  const proofs: Proof[] = [];
  if (repo.workTree !== undefined) {
    const forge = (await neighbours(repo.workTree)).filter((one) => /^Git(?:Hub|Lab)/.test(one));
    if (forge.length > 0 || (await exists(join(repo.workTree, ".github"))))
      proofs.push(
        unproven(
          "workflow",
          "whether the forge runs it on every pull request is not seen from here",
        ),
        unproven(
          "branch protection",
          "whether the check is required to merge is not seen from here",
        ),
      );
  }
  if (remote === undefined) return proofs;
  const url = (await configGet(repo, `remote.${remote}.url`)) ?? "";
  const path = /^(?:file:|[./~]|[A-Za-z]:[\\/])/.test(url) || (url !== "" && !url.includes(":"));
  proofs.push(
    unproven(
      `gate of ${visible(remote)}`,
      path
        ? "a path remote: whoever pushes chooses the program, so its hooks are a courtesy at most"
        : "not seen from here: run wingman doctor on the server",
    ),
  );
  return proofs;
}

/** What the ledger last saw of each channel that the policy asks for. */
export function channelProofs(policy: Policy, records: readonly LedgerRecord[]): Proof[] {
  const asked: readonly (readonly [string, unknown])[] = [
    ["telegram", policy.notify?.telegram],
    ["webhook", policy.notify?.webhook],
    ["github", policy.tracker?.github],
  ];
  return asked
    .filter(([, row]) => row !== undefined)
    .map(([channel]): Proof => {
      const last = records.findLast(
        (one): one is LedgerRecord & { kind: "alert" } =>
          one.kind === "alert" && one.channel === channel,
      );
      const point = `channel ${channel}`;
      if (last === undefined) return unproven(point, "no alert has gone out by it yet");
      const when = `record ${last.seq}, ${last.ts}`;
      if (last.outcome === "ok") return { point, outcome: "fires", says: `took an alert: ${when}` };
      return {
        point,
        outcome: "silent",
        says: `did not take its last alert: ${when}`,
        help: "wingman watch --once says why",
      };
    });
}

function unproven(point: string, says: string): Proof {
  return { point, outcome: "unproven", says };
}
