/** The store of a CI job: what anybody pushed elsewhere must not keep others' work from being judged. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fetchPullHeads, fetchStore } from "../src/index.ts";
import { cleanEnv, commit, git, newRepo, rawTree, temporaryDir } from "./fixture.ts";

/** A remote with main and two topics, and a commit whose tree git's own checks refuse on `ref`. */
function remote(ref: string) {
  const dir = newRepo();
  git(dir, ["config", "uploadpack.allowAnySHA1InWant", "true"]);
  const main = commit(dir, { a: "1" });
  const topics = ["a", "z"].map((name) =>
    commit(dir, { [name]: "1" }, { ref: `refs/heads/${name}`, parents: [main] }),
  );
  const blob = git(dir, ["hash-object", "-w", "--stdin"], { input: "x" });
  const tree = rawTree(dir, [{ mode: "100644", name: ".GIT", oid: blob }]);
  const hostile = git(dir, ["commit-tree", tree, "-p", main, "-m", "hostile"]);
  git(dir, ["update-ref", ref, hostile]);
  return { dir, main, topics, hostile };
}
const store = (url: string, commits: readonly string[]) => {
  const folder = join(temporaryDir(), "store");
  const made = fetchStore({ folder, url, env: cleanEnv, commits, needed: ["main"] });
  return { folder, made };
};
const refs = (folder: string) =>
  git(folder, ["for-each-ref", "--format=%(refname:lstrip=2)", "refs/remotes"]).split("\n");

describe("a hostile object on another branch", () => {
  it("is left out, and told; all others are there", async () => {
    const { dir, topics } = remote("refs/heads/m");
    const { folder, made } = store(dir, [topics[0] ?? ""]);
    expect(await made).toEqual(["refs/heads/m"]);
    expect(refs(folder)).toEqual(["origin/a", "origin/main", "origin/z"]);
  });
  it("is a fault where it is what is to be judged, or stands on what is needed", async () => {
    const { dir, hostile } = remote("refs/heads/m");
    await expect(store(dir, [hostile]).made).rejects.toMatchObject({ code: "git/hostile-object" });
    const broken = remote("refs/heads/main");
    await expect(store(broken.dir, []).made).rejects.toMatchObject({ code: "git/hostile-object" });
  });
  it("in a stranger's pull request hides no other request's head", async () => {
    const { dir, main, topics } = remote("refs/pull/9/head");
    topics.forEach((oid, at) => {
      git(dir, ["update-ref", `refs/pull/${at + 1}/head`, oid]);
    });
    const { folder, made } = store(dir, [main]);
    expect(await made).toEqual([]);
    const heads = await fetchPullHeads({ folder, env: cleanEnv, named: [] });
    expect([...heads].sort()).toEqual([...topics].sort());
  });
});
