/**
 * Reads the files that rules parse: bounded, regular files only, and each content once. What is
 * parsed is found again by its object id, so 3,000 commits on one claims file do not parse it 3,000
 * times; ids are content, so what is remembered can never be wrong.
 */
import type {
  Change,
  ClaimsFile,
  Entry,
  Instruction,
  Parsed,
  RunName,
  Tree,
  Trusted,
} from "@wingman/model";
import { claimsPath, INSTRUCTIONS_DIR, parseClaimsFile, parseInstruction } from "@wingman/model";

/** The largest file of `.wingman/` that is read at all: parsers bound themselves, this bounds the read. */
const MAX_BYTES = 5 << 20;
// Several rules read an instruction or claims file in turn: a push of a few hundred still fits.
const REMEMBERED = 1024;

/** The bytes of a small regular file; undefined where it is a symlink, a submodule or too big. */
export async function readSmall(tree: Tree, entry: Entry): Promise<Uint8Array | undefined> {
  if (entry.mode === "120000" || entry.mode === "160000") return undefined;
  if ((await tree.size(entry)) > MAX_BYTES) return undefined;
  return tree.read(entry);
}

const claims = new Map<string, Parsed<ClaimsFile>>();
const instructions = new Map<string, Parsed<Instruction>>();

/** The trees whose claims bind a change: its parents, or what remotes have while it is being made. */
export function bindingTrees(change: Change): readonly Tree[] {
  return change.local && change.commit === undefined ? change.published : change.parents;
}

/** A claims file as it stands in a tree, parsed; its problems where it is unsound. */
export async function claimsOf(tree: Tree, entry: Entry): Promise<Parsed<ClaimsFile>> {
  return remember(claims, entry, async () => {
    const bytes = await readSmall(tree, entry);
    return bytes === undefined ? notReadable() : parseClaimsFile(entry.path, bytes);
  });
}

/** A run's claims file in a tree, or undefined where there is none. */
export async function claimsOfRun(
  tree: Tree,
  name: RunName,
): Promise<Parsed<ClaimsFile> | undefined> {
  const entry = await tree.entry(claimsPath(name));
  return entry === undefined ? undefined : claimsOf(tree, entry);
}

/** An instruction of the trusted side by its id, parsed, or undefined where there is none. */
export async function instructionOf(
  trusted: Pick<Trusted, "tree">,
  id: string,
): Promise<Parsed<Instruction> | undefined> {
  for (const extension of ["md", "yaml"]) {
    const entry = await trusted.tree.entry(`${INSTRUCTIONS_DIR}/${id}.${extension}`);
    if (entry === undefined) continue;
    return instructionAt(trusted.tree, entry);
  }
  return undefined;
}

/** An instruction as it stands in a tree, parsed. */
export async function instructionAt(tree: Tree, entry: Entry): Promise<Parsed<Instruction>> {
  return remember(instructions, entry, async () => {
    const bytes = await readSmall(tree, entry);
    return bytes === undefined ? notReadable() : parseInstruction(entry.path, bytes);
  });
}

function notReadable<T>(): Parsed<T> {
  const message = "is a link, a submodule or larger than 5 MiB, and no readable file";
  return { ok: false, problems: [{ code: "format/not-a-file", message, line: 1, column: 1 }] };
}

async function remember<T>(
  known: Map<string, T>,
  entry: Entry,
  make: () => Promise<T>,
): Promise<T> {
  const key = `${entry.mode} ${entry.oid} ${entry.path}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = await make();
  const oldest = known.keys().next();
  if (known.size >= REMEMBERED && oldest.done !== true) known.delete(oldest.value);
  known.set(key, made);
  return made;
}
