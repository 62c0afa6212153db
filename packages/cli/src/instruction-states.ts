/** The states of all instructions as this repository knows them, and their lines for people. */
import { type InstructionStanding, instructionStates } from "@wingman/gate";
import { benchOf, fileAuthors, listRefs, treeAt } from "@wingman/git";
import { INSTRUCTIONS_DIR, parseInstruction, type Tree } from "@wingman/model";
import type { Place } from "./place.ts";

/** Branches that are looked at for proposals and runs; the newest names of a busy server are enough. */
const MOST_BRANCHES = 100;

/** Derives them from the trusted side, the ledger and the branches at hand. */
export async function statesOf(place: Place): Promise<InstructionStanding[]> {
  const bench = benchOf(place.repo, place.judging, []);
  return await instructionStates({
    trusted: place.trusted,
    ledger: place.ledger.state,
    now: place.judging.now,
    authorsOf: (path) => fileAuthors(bench, path),
    branches: await branchTrees(place),
  });
}

async function branchTrees(place: Place): Promise<Tree[]> {
  const oids = new Set<string>();
  for (const prefix of ["refs/heads/", "refs/remotes/"])
    for (const { name, oid, symref } of await listRefs(place.moment, prefix))
      if (symref === undefined && !name.endsWith("/wingman-ledger")) oids.add(oid);
  return await Promise.all([...oids].slice(0, MOST_BRANCHES).map((oid) => treeAt(place.repo, oid)));
}

/** The states of the instructions among these files, each as it stands and not as the file says. */
export async function statesOfFiles(place: Place, tree: Tree): Promise<InstructionStanding[]> {
  const files = await tree.entries(INSTRUCTIONS_DIR);
  if (files.length === 0) return [];
  const all = new Map((await statesOf(place)).map((one) => [one.id, one]));
  const found: InstructionStanding[] = [];
  for (const file of files) {
    const parsed = parseInstruction(file.path, await tree.read(file));
    if (!parsed.ok) continue;
    const { id, title, draft } = parsed.value;
    const known = all.get(id);
    if (known === undefined) {
      const state = draft ? "draft" : "proposed";
      found.push({ id, title, state, why: "it has not landed", runs: [], needs: [] });
      continue;
    }
    const landed = await place.trusted.tree.entry(file.path);
    const same =
      landed === undefined || landed.oid === file.oid || (await sameBytes(place, file.path, tree));
    found.push(
      same
        ? known
        : { ...known, why: `this is what stands on ${place.policyBranch}; the file here differs` },
    );
  }
  return found;
}

async function sameBytes(place: Place, path: string, tree: Tree): Promise<boolean> {
  const [here, there] = await Promise.all(
    [tree, place.trusted.tree].map(async (one) => {
      const entry = await one.entry(path);
      return entry === undefined ? undefined : Buffer.from(await one.read(entry));
    }),
  );
  return here !== undefined && there !== undefined && here.equals(there);
}
