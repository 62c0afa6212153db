/**
 * The content that a claim speaks of, or why there is none to judge. A link is not the file it
 * points to, and an LFS pointer is not the file it stands for: neither is ever judged as that.
 */
import type { Entry, Observation, Tree } from "@wingman/model";
import { quotePath } from "@wingman/model";
import { LARGEST_HELD, spend } from "./budget.ts";
import type { Chunks } from "./byte-scan.ts";
import type { ClaimPath } from "./claim-path.ts";
import type { Ground, Standing } from "./ground.ts";
import { contradicts, shown, unverifiable } from "./observation.ts";
import type { Scene } from "./scene.ts";

export interface Content {
  readonly entry: Entry;
  readonly size: number;
  /** The bytes; undefined where the file is too large to be held. */
  readonly bytes: Buffer | undefined;
  /** The bytes piece by piece; may be asked for again. */
  chunks(): Chunks;
}

const POINTER = "version https://git-lfs.github.com/spec/v1\n";

/**
 * Reads the file at a claim's path at P. Gives its bytes, or the whole answer where there are none.
 * `whenMissing` is the answer of a path at which nothing stands.
 */
export async function contentAt(
  scene: Scene,
  place: ClaimPath,
  expected: string,
  whenMissing: (why: string) => Observation = (why) => contradicts(expected, why),
  bounds: Bounds = {},
): Promise<Content | Observation> {
  const standing = await scene.atEnd(place.path);
  if (standing.what === "nothing") return missing(scene.stage.end, place, expected, whenMissing);
  const odd = oddAnswer(standing, expected);
  if (odd !== undefined) return odd;
  if (standing.what === "folder") return whenMissing("a folder stands there, not a file");
  if (standing.what === "symlink") {
    return unverifiable(
      "UNSUPPORTED",
      expected,
      `a symbolic link stands there (it leads to: ${standing.leads}); claim the file itself`,
    );
  }
  if (standing.what !== "file" && standing.what !== "executable")
    return unverifiable("UNSUPPORTED", expected, `a ${standing.what} stands there`);
  if (place.folder) return whenMissing("a file stands there, not a folder");
  return bytesOf(scene, standing.entry, expected, bounds);
}

/** What keeps a file from being read at all. */
interface Bounds {
  /** Bytes. */
  readonly most?: number;
  /** It is read to be parsed, and what is left for that must be enough. */
  readonly parse?: boolean;
}

async function bytesOf(
  scene: Scene,
  entry: Entry,
  expected: string,
  { most = Number.POSITIVE_INFINITY, parse = false }: Bounds,
): Promise<Content | Observation> {
  const ground = scene.stage.end;
  const size = await ground.tree.size(entry);
  // Before it is read: a thousand claims on it would read it a thousand times for nothing.
  if (size > most) return unverifiable("BUDGET", expected, `${size} bytes are too many for that`);
  const { budget } = scene.stage;
  if (parse && budget.parsed < size) return tooMuch(expected);
  if (!spend(budget, "bytes", size)) return tooMuch(expected);
  if (size > LARGEST_HELD)
    return { entry, size, bytes: undefined, chunks: () => streamOf(ground.tree, entry) };
  const read = await ground.read(entry);
  const bytes = Buffer.from(read.buffer, read.byteOffset, read.byteLength);
  if (size < 1024 && bytes.toString("latin1").startsWith(POINTER)) {
    return unverifiable(
      "UNSUPPORTED",
      expected,
      "a Git LFS pointer stands there; the content it stands for is not in the repository",
    );
  }
  return { entry, size, bytes, chunks: () => [bytes] };
}

async function* streamOf(tree: Tree, entry: Entry): AsyncGenerator<Uint8Array> {
  // A tree in memory holds its files already.
  if (tree.stream === undefined) yield await tree.read(entry);
  else yield* tree.stream(entry);
}

/** The claims of a run have cost what this surface spends on one. */
export function tooMuch(expected: string): Observation {
  return unverifiable(
    "BUDGET",
    expected,
    "the claims of this run cost more than a push can wait for; wingman audit has more time",
  );
}

/**
 * The same, held in memory: for patterns and parsers. `parse`: what is parsed costs more, and is
 * counted by itself, here or (`later`) where it is parsed once for many claims.
 */
export async function heldContentAt(
  scene: Scene,
  place: ClaimPath,
  expected: string,
  options: {
    readonly parse?: boolean | "later";
    /** A bound of the caller's own, in bytes: what is larger is never read. */
    readonly most?: number;
    readonly whenMissing?: (why: string) => Observation;
  } = {},
): Promise<(Content & { readonly bytes: Buffer }) | Observation> {
  const { parse = false, whenMissing } = options;
  const most = Math.min(
    options.most ?? LARGEST_HELD,
    parse === false ? LARGEST_HELD : LARGEST_PARSED,
  );
  const content = await contentAt(scene, place, expected, whenMissing, {
    most,
    parse: parse === true,
  });
  if ("answer" in content) return content;
  const { bytes, size } = content;
  if (bytes === undefined) return tooMuch(expected);
  if (parse === true && !spend(scene.stage.budget, "parsed", size)) return tooMuch(expected);
  return { ...content, bytes };
}

/** The largest file that is parsed, in bytes: a parser holds some hundred bytes for each. */
const LARGEST_PARSED = 4 * 1024 * 1024;

/** Submodules and paths that go through a link: what is there is not this tree's to say. */
export function oddAnswer(standing: Standing, expected: string): Observation | undefined {
  if (standing.what === "submodule")
    return unverifiable("UNSUPPORTED", expected, "a submodule stands there: another repository");
  return standing.what === "behind" ? behindAnswer(standing, expected) : undefined;
}

/** A path that goes through a link or a submodule. */
export function behindAnswer(
  standing: Extract<Standing, { readonly what: "behind" }>,
  expected: string,
): Observation {
  return standing.is === "submodule"
    ? unverifiable(
        "NO_WITNESS",
        expected,
        `${quotePath(standing.at)} is a submodule: another repository`,
      )
    : unverifiable(
        "AMBIGUOUS",
        expected,
        `${quotePath(standing.at)} is a symbolic link; name the place it leads to`,
      );
}

/**
 * Nothing stands at the path. A name that differs in its Unicode form only looks the same to whoever
 * wrote it (macOS writes NFD), so that is AMBIGUOUS; another case is another name, with a hint.
 */
export async function missing(
  ground: Ground,
  place: ClaimPath,
  expected: string,
  otherwise: (why: string) => Observation,
): Promise<Observation> {
  const variant = await ground.variant(place.path);
  if (variant === undefined) return otherwise("nothing stands there");
  if (variant.normalize("NFC") === place.path.normalize("NFC"))
    return unverifiable(
      "AMBIGUOUS",
      expected,
      "a name stands there that differs in its Unicode form only",
    );
  return otherwise(`nothing stands there; there is \`${shown(variant, 200)}\``);
}
