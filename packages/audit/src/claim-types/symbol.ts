/**
 * `symbol.defined`, `absent`, `exported`, `refs`: what a real parser finds in source files. FALSE needs a
 * file that parses without error and no place where the name could be defined unseen.
 */
import type { Observation, RepoPath } from "@wingman/model";
import { globMatcher, quotePath } from "@wingman/model";
import type { Arguments } from "../arguments.ts";
import type { ClaimType } from "../claim-type.ts";
import { compare, countOf, saysNothing } from "../comparison.ts";
import { heldContentAt } from "../content.ts";
import { contradicts, holds, quoted, unverifiable } from "../observation.ts";
import type { Scene } from "../scene.ts";
import type { Source } from "../source/source-at.ts";
import { languageOf, sourceAt } from "../source/source-at.ts";
import type { Definition, SymbolKind } from "../source/symbols.ts";
import { placesOf, SYMBOL_KINDS } from "../source/symbols.ts";
import { LANGUAGES } from "../source/syntax-tree.ts";
import { exactPath, placeOf } from "./file-standing.ts";

const SYMBOL = {
  path: { kind: "path", required: true },
  name: { kind: "text", required: true },
  kind: { kind: SYMBOL_KINDS },
  language: { kind: LANGUAGES },
} as const;

/** Kinds that people take for each other: none of these differences is a lie. */
const ALIKE: readonly ReadonlySet<SymbolKind>[] = [
  new Set(["function", "method"]),
  new Set(["variable", "constant"]),
  new Set(["class", "type", "interface", "enum"]),
  new Set(["class", "module"]),
];

/** A name as claims write it: `rotate`, `Keys.rotate`, `Keys#rotate`, `Keys::rotate`. */
function parted(said: string): { readonly name: string; readonly container: string | undefined } {
  // Rust writes a name that is one of its own words as `r#match`.
  const parts = said
    .replace(/\br#(?=\w)/g, "")
    .split(/\.|#(?=.)|::|->/)
    .filter((part) => part !== "");
  // A private name of JavaScript begins with the same sign.
  const name = /(?:^|[.:])#[\w$]+$/.test(said)
    ? `#${parts.at(-1)?.replace(/^#/, "")}`
    : (parts.at(-1) ?? "");
  return { name, container: parts.at(-2) };
}

interface Looked {
  readonly source: Source;
  readonly name: string;
  /** Definitions of that name (in that container). */
  readonly found: readonly Definition[];
  /** Why the name may be defined though nothing was found. */
  readonly unsure: string | undefined;
}

async function look(
  args: Arguments,
  scene: Scene,
  expected: string,
): Promise<Looked | Observation> {
  const whole = args.text("name") ?? "";
  if (parted(whole).name === "") return unverifiable("MALFORMED", expected, "the name is empty");
  const said = LANGUAGES.find((one) => one === args.text("language"));
  const source = await sourceAt(scene, placeOf(args), said, expected);
  if ("answer" in source) return source;
  // Names of shells and exports that are texts hold any sign: `ns::fn` is one name there.
  const isWhole =
    source.symbols.exports.has(whole) ||
    source.symbols.definitions.some((one) => one.name === whole);
  const { name, container } = isWhole ? { name: whole, container: undefined } : parted(whole);
  const all = source.symbols.definitions.filter((one) => one.name === name);
  const found = all.filter((one) => container === undefined || one.container === container);
  const { unsure, strings } = placesOf(
    name,
    source.leaves,
    source.table,
    source.symbols.definitions,
  );
  const [place] = [...unsure, ...strings];
  const elsewhere =
    all.length > 0 && found.length === 0 ? "it is defined there, in another place" : undefined;
  const hidden = place === undefined ? undefined : `line ${place.line} may define it when it runs`;
  const named =
    source.symbols.exports.get(name) === "yes" ? "it is a name that the file exports" : undefined;
  return { source, name, found, unsure: elsewhere ?? source.symbols.dynamic ?? hidden ?? named };
}

const symbolDefined: ClaimType = {
  type: "symbol.defined",
  title: "a source file defines this symbol",
  example: { type: "symbol.defined", args: { path: "src/keys/rotate.ts", name: "rotate" } },
  args: { ...SYMBOL, arity: { kind: "count" } },
  needs: "grammars",
  witness: "git",
  forgeable: false,
  covers: exactPath,
  judge: async (args, scene) => {
    const kind = SYMBOL_KINDS.find((one) => one === args.text("kind"));
    const expected = `${quotePath(placeOf(args).path)} defines ${kind ?? "symbol"} ${quoted(args.text("name") ?? "")}`;
    const looked = await look(args, scene, expected);
    if ("answer" in looked) return looked;
    const { found, unsure } = looked;
    if (found.length === 0)
      return unsure === undefined
        ? contradicts(expected, "it parses without error and defines no such name")
        : unverifiable("AMBIGUOUS", expected, unsure);
    const fitting = found.filter((one) => kind === undefined || one.kinds.has(kind));
    if (fitting.length === 0) return otherKind(found, kind, expected);
    return judgeFitting(fitting, args, expected);
  },
};

function otherKind(
  found: readonly Definition[],
  kind: SymbolKind | undefined,
  expected: string,
): Observation {
  const [first] = found;
  const kinds = [...(first?.kinds ?? [])];
  const observed = `line ${first?.line}: a ${kinds.join(" or ")}`;
  // A variable may hold anything that a call gives.
  const open = found.some(
    (one) =>
      one.kinds.has("variable") ||
      ALIKE.some(
        (set) => kind !== undefined && set.has(kind) && [...one.kinds].some((is) => set.has(is)),
      ),
  );
  return open ? unverifiable("AMBIGUOUS", expected, observed) : contradicts(expected, observed);
}

const ANY = Number.POSITIVE_INFINITY;

function judgeFitting(
  found: readonly Definition[],
  args: Arguments,
  expected: string,
): Observation {
  const outer = found.filter(
    (one) => !one.local || one.kinds.has("function") || one.kinds.has("class"),
  );
  const [first] = outer;
  if (first === undefined)
    return unverifiable("AMBIGUOUS", expected, `only inside a function, line ${found[0]?.line}`);
  const observed = `line ${first.line}: ${[...first.kinds].join(" or ")}`;
  const wanted = args.number("arity");
  if (wanted === undefined) return holds(expected, observed);
  const arities = outer.flatMap((one) => one.arity ?? []);
  if (arities.length < outer.length || arities.length === 0)
    return unverifiable("AMBIGUOUS", expected, `${observed}; its parameters are not known`);
  const count = Number(wanted.text);
  const said = arities.map(({ least, most }) =>
    least === most ? `${least}` : `${least} to ${most}`,
  );
  const text = `${observed}, ${said.join(" or ")} parameters`;
  if (
    arities.some(({ least, most }) => count >= least && count <= (most === ANY ? least + 1 : most))
  )
    return holds(expected, text);
  // A call may have so many arguments; whoever counts parameters has another number.
  return arities.some(({ least, most }) => most === ANY && count > least)
    ? unverifiable("AMBIGUOUS", expected, text)
    : contradicts(expected, text);
}

const symbolAbsent: ClaimType = {
  type: "symbol.absent",
  title: "a source file does not define this symbol",
  example: { type: "symbol.absent", args: { path: "src/keys/rotate.ts", name: "rotateOld" } },
  args: SYMBOL,
  needs: "grammars",
  witness: "git",
  forgeable: false,
  covers: exactPath,
  judge: async (args, scene) => {
    const kind = SYMBOL_KINDS.find((one) => one === args.text("kind"));
    const expected = `${quotePath(placeOf(args).path)} does not define ${quoted(args.text("name") ?? "")}`;
    const standing = await scene.atEnd(placeOf(args).path);
    if (standing.what === "nothing")
      return unverifiable("VACUOUS", expected, "no file stands there");
    const looked = await look(args, scene, expected);
    if ("answer" in looked) return looked;
    const found = looked.found.filter((one) => kind === undefined || one.kinds.has(kind));
    const outer = found.find((one) => !one.local);
    if (outer !== undefined) return contradicts(expected, `line ${outer.line} defines it`);
    const [inner] = looked.found;
    if (inner !== undefined)
      return unverifiable(
        "AMBIGUOUS",
        expected,
        `line ${inner.line} has one inside a function, or of another kind`,
      );
    return looked.unsure === undefined
      ? holds(expected, "it parses without error and defines no such name")
      : unverifiable("AMBIGUOUS", expected, looked.unsure);
  },
};

const symbolExported: ClaimType = {
  type: "symbol.exported",
  title: "a source file exports this symbol",
  example: { type: "symbol.exported", args: { path: "src/keys/rotate.ts", name: "rotate" } },
  args: SYMBOL,
  needs: "grammars",
  witness: "git",
  forgeable: false,
  covers: exactPath,
  judge: async (args, scene) => {
    const expected = `${quotePath(placeOf(args).path)} exports ${quoted(args.text("name") ?? "")}`;
    const looked = await look(args, scene, expected);
    if ("answer" in looked) return looked;
    const { symbols } = looked.source;
    const named = symbols.exports.get(looked.name);
    const outer = looked.found.filter((one) => !one.local);
    if (named === "yes") return holds(expected, "it is among the file's exports");
    const yes = outer.find((one) => one.exported === "yes");
    if (yes !== undefined) return holds(expected, `line ${yes.line} defines and exports it`);
    const open = [named, ...looked.found.map((one) => one.exported)].find(
      (one) => typeof one === "object",
    );
    if (open !== undefined) return unverifiable("AMBIGUOUS", expected, open.unsure);
    if (symbols.dynamicExports !== undefined)
      return unverifiable("AMBIGUOUS", expected, symbols.dynamicExports);
    const ambient = /\.d\.[cm]?ts$/.test(placeOf(args).path);
    if (ambient) return unverifiable("AMBIGUOUS", expected, "a declaration file may export all");
    if (outer[0] !== undefined)
      return contradicts(expected, `line ${outer[0].line} defines it and does not export it`);
    return looked.unsure === undefined
      ? contradicts(expected, "it neither defines nor exports it")
      : unverifiable("AMBIGUOUS", expected, looked.unsure);
  },
};

/** Files of one scope: all are parsed. */
const MOST_FILES = 500;

const symbolRefs: ClaimType = {
  type: "symbol.refs",
  title: "a name is used so many times in these files",
  example: { type: "symbol.refs", args: { name: "rotate", scope: ["src/**"], op: ">=", count: 2 } },
  args: {
    name: { kind: "text", required: true },
    scope: { kind: "globs", required: true },
    op: { kind: "operator" },
    count: { kind: "count", required: true },
  },
  needs: "grammars",
  witness: "git",
  forgeable: false,
  judge: async (args, scene) => {
    const [scope, op] = [args.texts("scope") ?? [], args.operator("op") ?? "=="];
    const wanted = args.number("count") ?? countOf(0);
    const { name } = parted(args.text("name") ?? "");
    const expected = `${quoted(name)} is used ${op} ${wanted.text} times in ${scope.slice(0, 5).map(quoted).join(", ")}`;
    if (scope.length === 0 || name === "" || saysNothing(op, wanted))
      return unverifiable("VACUOUS", expected, "nothing is asserted");
    const within = globMatcher(scope);
    const files = (await scene.stage.end.tree.entries()).filter(({ path }) => within(path));
    scene.note("scope", ...files.slice(0, MOST_FILES).map((one) => `${one.path} ${one.oid}`));
    if (files.length === 0) return unverifiable("VACUOUS", expected, "no file is in that scope");
    if (files.length > MOST_FILES)
      return unverifiable("BUDGET", expected, `${files.length} files are too many`);
    const seen = await countUses(
      name,
      files.map((one) => one.path),
      scene,
      expected,
    );
    if ("answer" in seen) return seen;
    const observed = `${seen.uses} uses, ${seen.more} more places, in ${files.length} files`;
    // With or without imports, definitions and strings: only where all agree it is said.
    const least = compare(countOf(seen.uses), op, wanted);
    const most = compare(countOf(seen.uses + seen.more), op, wanted);
    const between = (op === "==" || op === "!=") && seen.more > 1;
    if (least === most && !(between && !isBeyond(wanted.text, seen)))
      return least ? holds(expected, observed) : contradicts(expected, observed);
    return unverifiable("AMBIGUOUS", expected, observed);
  },
};

/** True where no way of counting comes to the claimed number. */
function isBeyond(text: string, seen: { readonly uses: number; readonly more: number }): boolean {
  const count = Number(text);
  return count < seen.uses || count > seen.uses + seen.more;
}

/** Sure uses, and places that one may count or not: imports, definitions, strings, odd ones. */
async function countUses(
  name: string,
  paths: readonly RepoPath[],
  scene: Scene,
  expected: string,
): Promise<{ uses: number; more: number } | Observation> {
  let [uses, more] = [0, 0];
  for (const path of paths) {
    const place = { path, folder: false };
    const standing = await scene.atEnd(path);
    if (standing.what !== "file" && standing.what !== "executable") continue;
    if (languageOf(path) === undefined) {
      // No parser: only whether the name stands there at all.
      const content = await heldContentAt(scene, place, expected);
      if ("answer" in content) return content;
      if (content.bytes.includes(name)) more += 1;
      continue;
    }
    const source = await sourceAt(scene, place, undefined, expected);
    if ("answer" in source) return source;
    const places = placesOf(name, source.leaves, source.table, source.symbols.definitions);
    const imported = places.uses.filter((leaf) =>
      /import|use_|alias/.test(leaf.parent?.kind ?? ""),
    );
    const defined = source.symbols.definitions.filter((one) => one.name === name).length;
    uses += places.uses.length - imported.length;
    more += imported.length + defined + places.unsure.length + places.strings.length;
  }
  return { uses, more };
}

export const symbolTypes: readonly ClaimType[] = [
  symbolDefined,
  symbolAbsent,
  symbolExported,
  symbolRefs,
];
