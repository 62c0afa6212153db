/** Who wrote a file as it stands on the trusted side, as far as history at hand can tell. */
import {
  builtInPolicy,
  emptyLedger,
  emptyTree,
  parseAllowedSigners,
  type Trusted,
} from "@wingman/model";
import {
  gitEnvironment,
  mark,
  newRepository,
  type TestRepository,
  temporaryFolder,
  withKey,
} from "@wingman/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { benchOf } from "../src/changes-judging.ts";
import { fileAuthors } from "../src/file-authors.ts";
import { openRepo } from "../src/open-repo.ts";

const PATH = ".wingman/instructions/INS-0007.md";
const dana = withKey({ name: "Dana", email: "dana@acme.example" });
let clone: TestRepository;

beforeAll(async () => {
  clone = await newRepository();
  await clone.commit("Order", { as: mark, files: { [PATH]: "one\n" } });
  await clone.commit("Other", { as: dana, files: { "a.txt": "a\n" } });
});

async function authors(folder = clone.folder, at?: string): Promise<string[] | undefined> {
  const repo = await openRepo({ cwd: folder, env: gitEnvironment() });
  try {
    const commit = at ?? (await clone.git("rev-parse", "HEAD"));
    const signers = parseAllowedSigners(Buffer.from(`${dana.signersLine}\n`));
    const trusted: Trusted = {
      commit,
      tree: emptyTree,
      policy: builtInPolicy,
      policyDigest: "",
      established: true,
      signers: signers.ok ? signers.value : [],
      policyBranch: "main",
    };
    const judging = { trusted, pusher: undefined, now: new Date(), local: true, published: [] };
    const bench = benchOf(repo, { ...judging, ledger: emptyLedger }, []);
    const found = await fileAuthors(bench, PATH);
    return found === undefined ? undefined : [...found];
  } finally {
    await repo.close();
  }
}

describe("the author of a file", () => {
  it("is whoever's commit brought the bytes that stand, not who committed last", async () => {
    expect(await authors()).toEqual([mark.email]);
  });

  it("is the signer, whatever the commit says of its author", async () => {
    await clone.commit("Edit", {
      as: { name: "M", email: "Mark@acme.example" },
      sign: dana,
      files: { [PATH]: "two\n" },
    });
    expect(await authors()).toEqual([dana.email]);
  });

  it("is found behind a merge", async () => {
    await clone.git("checkout", "-q", "-b", "topic", "HEAD~2");
    await clone.commit("Aside", { as: dana, files: { "b.txt": "b\n" } });
    await clone.git("checkout", "-q", "main");
    await clone.git(
      "-c",
      "user.name=K",
      "-c",
      "user.email=kim@acme.example",
      "merge",
      "-q",
      "--no-ff",
      "-m",
      "m",
      "topic",
    );
    expect(await authors()).toEqual([dana.email]);
  });

  it("is not known in a shallow clone, whose edge has every file", async () => {
    const shallow = temporaryFolder();
    await clone.git("clone", "-q", "--depth=1", `file://${clone.folder}`, `${shallow}/c`);
    expect(await authors(`${shallow}/c`)).toBeUndefined();
  });
});
