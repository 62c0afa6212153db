/**
 * The canaries of a clone, one a hook. Each is started by git itself with this clone's own configuration,
 * and none can land: commits are made in a place of their own, the push goes to a throw-away repository,
 * and the move of a governed branch is prepared and then aborted.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Repo } from "@wingman/git";
import type { CanaryPlace } from "./canary-place.ts";
import { type Proof, proofOf } from "./proof.ts";

/** One row a hook. */
export interface Canary {
  readonly hook: string;
  prove(place: CanaryPlace, where: CanaryGround): Promise<Proof>;
}

export interface CanaryGround {
  readonly repo: Repo;
  /** A governed branch's name. */
  readonly branch: string;
  /** What to do where git does not start a hook. */
  helpOf(hook: string): string;
}

const SECRET = /secrets\/(?:found|suspected)/;
const RUN = "wingman/doctor/20000101-000000-cnry";
const SPARSE = ["-c", "core.sparseCheckout=true", "-c", "core.sparseCheckoutCone=false"];
const COMMIT = ["commit", "-q", "--no-gpg-sign", "--allow-empty"];

export const CLONE_CANARIES: readonly Canary[] = [
  {
    hook: "pre-commit",
    prove: async (place, { helpOf }) =>
      proofOf(
        await place.aside([...COMMIT, "-e", "-m", "canary"], { index: place.canaries.leak }),
        { hook: "pre-commit", findings: SECRET, help: helpOf("pre-commit") },
      ),
  },
  {
    hook: "prepare-commit-msg",
    prove: async (place, { helpOf }) => {
      const run = await place.aside([...COMMIT, "--no-verify", "-e", "-m", "canary"], {
        index: place.canaries.clean,
        env: { WINGMAN_RUN: RUN },
      });
      const filled = (await place.text("COMMIT_EDITMSG")).includes(`Wingman-Run: ${RUN}`);
      if (filled)
        return {
          point: "prepare-commit-msg",
          outcome: "fires",
          says: "fires, and fills the trailer",
        };
      const help = helpOf("prepare-commit-msg");
      return proofOf(run, { hook: "prepare-commit-msg", findings: /(?!)/, help });
    },
  },
  {
    hook: "commit-msg",
    // Content that passes, so that pre-commit lets it come as far as its message.
    prove: async (place, { helpOf }) =>
      proofOf(await place.aside([...COMMIT, "-m", MESSAGE], { index: place.canaries.clean }), {
        hook: "commit-msg",
        findings: /run\/trailer|identity\/agent-mark/,
        help: helpOf("commit-msg"),
      }),
  },
  {
    hook: "pre-merge-commit",
    // Git has not written MERGE_HEAD when it asks, so the merge must bring the secret to its first parent.
    // Outside the sparse checkout of this one command, no file of it is put into the work tree.
    prove: async (place, { helpOf }) => {
      const { clean, leak } = place.canaries;
      await place.aside(["update-ref", "--no-deref", "HEAD", clean], { index: clean });
      const merge = ["merge", "-q", "--no-ff", "--no-gpg-sign", "-e", "-m", "canary", leak];
      return proofOf(await place.aside([...SPARSE, ...merge]), {
        hook: "pre-merge-commit",
        findings: SECRET,
        help: helpOf("pre-merge-commit"),
      });
    },
  },
  {
    hook: "pre-push",
    prove: async (place, { repo, branch, helpOf }) => {
      const remote = join(place.dir, "remote.git");
      const format = `--object-format=${repo.format}`;
      await repo.run(["init", "-q", "--bare", format, remote], { env: { GIT_DIR: undefined } });
      const push = ["push", "-q", "--no-signed", "--no-follow-tags", "--recurse-submodules=no"];
      const spec = `${place.canaries.leak}:refs/heads/${branch}`;
      // As a URL: `url.<base>.insteadOf` rewrites what begins with a slash.
      return proofOf(await place.real([...push, pathToFileURL(remote).href, spec]), {
        hook: "pre-push",
        findings: SECRET,
        help: helpOf("pre-push"),
      });
    },
  },
  {
    hook: "reference-transaction",
    // `prepare` asks the hook, and nothing follows but `abort`: also where this process is killed, for git
    // aborts at the end of its input.
    prove: async (place, { branch, helpOf }) => {
      const input = `start\nupdate refs/heads/${branch} ${place.canaries.leak}\nprepare\nabort\n`;
      return proofOf(await place.real(["update-ref", "--stdin"], { input }), {
        hook: "reference-transaction",
        findings: SECRET,
        help: helpOf("reference-transaction"),
        // Somebody commits there at this very moment.
        busy: /cannot lock ref|[Uu]nable to create/,
      });
    },
  },
];

// A trailer that names no run is refused where there is a policy, an agent's mark told where there is none.
const MESSAGE = "canary\n\nWingman-Run: none\nCo-authored-by: Claude <noreply@anthropic.com>";
