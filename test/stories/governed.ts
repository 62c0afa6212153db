/** A governed repository for stories: a bare server that enforces, and a clone of it. */
import {
  alice,
  dana,
  type KeyHolder,
  mark,
  newRepository,
  type Overrides,
  policyText,
  runWingman,
  type TestRepository,
  withKey,
} from "@wingman/testkit";

export interface Governed {
  readonly server: TestRepository;
  /** Mark's clone, on main, its remote fetched. */
  readonly clone: TestRepository;
  readonly keys: { readonly mark: KeyHolder; readonly dana: KeyHolder; readonly alice: KeyHolder };
}

export interface GovernedOptions {
  readonly policy?: Overrides;
  readonly format?: "sha1" | "sha256";
  readonly files?: Readonly<Record<string, string>>;
}

/** Who pushes as whom: the server's variable names these. */
export const LOGINS = { mark: "mark@acme.example", dana: "dana@acme.example", alice: "alice-bot" };

/** How long a story waits for the detached watchers that its pushes started, milliseconds. */
export const WATCHERS = { timeout: 20_000, interval: 200 };

/** Adopts Wingman in a new repository and makes its bare remote enforce. */
export async function governed(options: GovernedOptions = {}): Promise<Governed> {
  const format = options.format ?? "sha1";
  const keys = { mark: withKey(mark), dana: withKey(dana), alice: withKey(alice) };
  const clone = await newRepository({ format });
  await clone.git("config", "user.name", "Mark");
  await clone.git("config", "user.email", mark.email);
  const signers = Object.values(keys).map((key) => `${key.signersLine}\n`);
  await clone.commit("Adopt Wingman", {
    files: {
      ".wingman/policy.yaml": policyText(options.policy),
      ".wingman/allowed_signers": signers.join(""),
      ".wingman/.gitattributes": "* -text -merge -filter -ident -working-tree-encoding\n",
      "README.md": "# Shop\n",
      ...options.files,
    },
    sign: keys.mark,
  });
  const server = await clone.bareRemote({ format });
  await clone.git("push", "-q", "origin", "main");
  const made = await runWingman(
    ["init", "--yes", "--policy-branch", "main", "--origin", "acme/shop"],
    { cwd: server.folder },
  );
  if (made.code !== 0) throw new Error(`init: ${made.stderr}${made.stdout}`);
  await clone.git("fetch", "-q", "origin");
  return { server, clone, keys };
}
