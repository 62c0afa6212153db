/** The throw-away store of a CI job, and the environment in which git reaches the forge. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configSet, fetchPullHeads, fetchStore, openRepo } from "@wingman/git";
import { visible } from "@wingman/model";
import type { CiEvent } from "./ci-event.ts";
import type { Io } from "./io.ts";
import { LEDGER_BRANCH } from "./ledger-branch.ts";

export interface CiStore {
  /** The same Io, standing in the store. */
  readonly io: Io;
  /** The auditor's key as a file, where the job holds it. */
  readonly keyFile: string | undefined;
  /** Heads of pull requests that a push or a merge group may have landed. */
  readonly heads: readonly string[];
  close(): Promise<void>;
}

/** Fetches what the event is about. The token goes to git by its environment, never by argv. */
export async function openCiStore(io: Io, event: CiEvent): Promise<CiStore> {
  const root = await mkdtemp(join(tmpdir(), "wingman-ci-"));
  const folder = join(root, "store");
  const server = io.env["GITHUB_SERVER_URL"] ?? "https://github.com";
  const env = gitEnvironmentOf(io, server);
  try {
    const left = await fetchStore({
      folder,
      url: `${server}/${event.repository}`,
      env,
      commits: [event.before, event.after].filter((oid) => oid !== undefined),
      // Without the first nobody knows the policy, without the ledger nobody is locked.
      needed: [event.defaultBranch, LEDGER_BRANCH, ...(event.branch ? [event.branch] : [])],
    });
    for (const ref of left)
      io.err(`wingman: ${visible(ref)} is left out: git's own checks refuse an object of it\n`);
    const lands = event.kind === "push" || event.kind === "merge_group";
    const heads = lands ? await fetchPullHeads({ folder, env, named: event.pulls }) : [];
    const inStore: Io = { ...io, cwd: folder, env };
    const repo = await openRepo({ cwd: folder, env });
    await configSet(repo, "wingman.policyBranch", event.defaultBranch);
    await repo.close();
    const key = io.env["WINGMAN_AUDITOR_KEY"];
    const keyFile = key === undefined || key === "" ? undefined : join(root, "auditor.key");
    if (keyFile !== undefined) await writeFile(keyFile, `${key?.trim()}\n`, { mode: 0o600 });
    return {
      io: inStore,
      keyFile,
      heads,
      close: () => rm(root, { recursive: true, force: true, maxRetries: 3 }),
    };
  } catch (error) {
    await rm(root, { recursive: true, force: true, maxRetries: 3 });
    throw error;
  }
}

/**
 * The runner's environment without what points into its own checkout, and with the token that may
 * write the ledger (else the one that may only read) as an HTTP header, as actions/checkout does.
 */
function gitEnvironmentOf(io: Io, server: string): Record<string, string | undefined> {
  const env: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(io.env))
    if (!/^GIT_(?!CONFIG_GLOBAL$|CONFIG_NOSYSTEM$)/.test(name)) env[name] = value;
  const token = io.env["WINGMAN_LEDGER_TOKEN"] || io.env["GITHUB_TOKEN"];
  // A token over plain HTTP is a token told to everybody; only a test's loopback server may ask so.
  if (token && /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/])/.test(server)) {
    env["GIT_CONFIG_COUNT"] = "1";
    env["GIT_CONFIG_KEY_0"] = `http.${server}/.extraheader`;
    const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
    env["GIT_CONFIG_VALUE_0"] = `AUTHORIZATION: basic ${basic}`;
  }
  return env;
}
