/** The manifests: what a project asks for. */
import { parseFormat } from "../parse-format.ts";
import type { Node } from "../parsed-node.ts";
import { plainOf, Unparsed } from "../parsed-node.ts";
import type { ManifestFormat, Requirements } from "./ecosystem.ts";
import { plainName } from "./ecosystem.ts";

const NPM_GROUPS = ["dependencies", "devDependencies", "optionalDependencies"] as const;

export const MANIFESTS: readonly ManifestFormat[] = [
  {
    ecosystem: "npm",
    file: "package.json",
    read: packageJson,
    peers: packagePeers,
    besides: packageBesides,
  },
  {
    ecosystem: "cargo",
    file: "Cargo.toml",
    read: cargoToml,
    besides: sections("toml", [["patch"], ["replace"], ["workspace", "dependencies"]]),
  },
  {
    ecosystem: "python",
    file: "pyproject.toml",
    read: pyproject,
    besides: sections("toml", [
      ["build-system", "requires"],
      ["tool", "uv"],
      ["tool", "pdm"],
    ]),
  },
  { ecosystem: "python", file: "requirements.txt", read: requirementsTxt },
  { ecosystem: "go", file: "go.mod", read: (text) => goRequirements(text) },
];

/** A map's entry, or undefined. */
export function entry(node: Node | undefined, key: string): Node | undefined {
  return node?.is === "map" ? node.entries.get(key) : undefined;
}

/** A text's or number's text. */
export function textOf(node: Node | undefined): string | undefined {
  return node?.is === "text" || node?.is === "number" ? node.text : undefined;
}

export function entriesOf(node: Node | undefined): readonly (readonly [string, Node])[] {
  return node?.is === "map" ? [...node.entries] : [];
}

export function itemsOf(node: Node | undefined): readonly Node[] {
  return node?.is === "list" ? node.items : [];
}

async function packageJson(text: string, path: string): Promise<Requirements> {
  const root = await parseFormat("json", Buffer.from(text), path);
  const found = new Map<string, string>();
  for (const group of NPM_GROUPS)
    for (const [name, node] of entriesOf(entry(root, group))) {
      const said = textOf(node);
      if (said === undefined) throw new Unparsed("UNSUPPORTED", `${group} holds no text`);
      found.set(name, said);
    }
  return found;
}

async function packagePeers(text: string, path: string): Promise<Requirements> {
  const root = await parseFormat("json", Buffer.from(text), path);
  const said = entriesOf(entry(root, "peerDependencies"));
  return new Map(said.map(([name, node]) => [name, textOf(node) ?? ""]));
}

/** Where each requirement stands (a development one is not shipped), and what bends them all. */
async function packageBesides(text: string, path: string): Promise<Requirements> {
  const root = await parseFormat("json", Buffer.from(text), path);
  const found = new Map(await BENT(text, path));
  for (const group of NPM_GROUPS)
    for (const [name] of entriesOf(entry(root, group)))
      found.set(name, `${found.get(name) ?? ""} ${group}`);
  return found;
}

const BENT = sections("json", [
  ["overrides"],
  ["resolutions"],
  ["pnpm"],
  ["bundleDependencies"],
  ["bundledDependencies"],
  ["peerDependenciesMeta"],
  ["dependenciesMeta"],
]);

/** Sections of a file as texts, each under its name. */
function sections(format: "json" | "toml", all: readonly (readonly string[])[]) {
  return async (text: string, path: string): Promise<Requirements> => {
    const root = await parseFormat(format, Buffer.from(text), path);
    const found = new Map<string, string>();
    for (const names of all) {
      const node = names.reduce<Node | undefined>(entry, root);
      if (node !== undefined) found.set(names.join("."), JSON.stringify(plainOf(node)));
    }
    return found;
  };
}

async function cargoToml(text: string, path: string): Promise<Requirements> {
  const root = await parseFormat("toml", Buffer.from(text), path);
  const found = new Map<string, string>();
  const groups = (node: Node | undefined): void => {
    for (const group of ["dependencies", "dev-dependencies", "build-dependencies"])
      for (const [name, said] of entriesOf(entry(node, group))) {
        // `a = {package = "b", version = "1"}` renames; the lock knows the real name.
        const real = textOf(entry(said, "package")) ?? name;
        const version = textOf(said) ?? textOf(entry(said, "version"));
        found.set(plainName("cargo", real), version ?? "*");
      }
  };
  groups(root);
  for (const [, target] of entriesOf(entry(root, "target"))) groups(target);
  return found;
}

async function pyproject(text: string, path: string): Promise<Requirements> {
  const root = await parseFormat("toml", Buffer.from(text), path);
  const found = new Map<string, string>();
  const project = entry(root, "project");
  if (itemsOf(entry(project, "dynamic")).some((one) => textOf(one) === "dependencies"))
    throw new Unparsed("UNSUPPORTED", "dependencies are made when it is built (dynamic)");
  const lists = [
    entry(project, "dependencies"),
    ...entriesOf(entry(project, "optional-dependencies")).map(([, node]) => node),
    ...entriesOf(entry(root, "dependency-groups")).map(([, node]) => node),
  ];
  for (const list of lists)
    for (const item of itemsOf(list)) {
      const said = textOf(item);
      if (said !== undefined) addRequirement(found, said);
    }
  const poetry = entry(entry(root, "tool"), "poetry");
  const groups = [
    entry(poetry, "dependencies"),
    entry(poetry, "dev-dependencies"),
    ...entriesOf(entry(poetry, "group")).map(([, node]) => entry(node, "dependencies")),
  ];
  for (const group of groups)
    for (const [name, node] of entriesOf(group))
      if (name !== "python")
        found.set(plainName("python", name), textOf(node) ?? textOf(entry(node, "version")) ?? "*");
  return found;
}

/** PEP 508: `name[extra] >= 1, < 2 ; marker`. */
function addRequirement(found: Map<string, string>, line: string): void {
  const match = /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*([^;#]*)/.exec(line.trim());
  if (match === null) throw new Unparsed("UNSUPPORTED", "a requirement that is not known");
  const [, name = "", said = ""] = match;
  found.set(plainName("python", name), said.trim().replace(/^\((.*)\)$/, "$1") || "*");
}

/** Continued lines, options and other files are told apart; another file is not followed. */
export function requirementsTxt(text: string): Requirements {
  const found = new Map<string, string>();
  for (const raw of text.replaceAll(/\\\r?\n/g, " ").split(/\r?\n/)) {
    const line = raw
      .replace(/(?:^|\s)#.*$/, "")
      .replace(/\s--hash[= ]\S+/g, "")
      .trim();
    if (
      line === "" ||
      /^--?(?:i|index-url|extra-index-url|f|find-links|no-binary|only-binary|pre|trusted-host)\b/.test(
        line,
      )
    )
      continue;
    if (line.startsWith("-"))
      throw new Unparsed("UNSUPPORTED", `\`${line.slice(0, 40)}\` names another file`);
    addRequirement(found, line);
  }
  return found;
}

/** `require a v1.2.3` and its block; a `replace` makes another version of it. */
export function goRequirements(text: string): Requirements {
  const found = new Map<string, string>();
  // A `replace` may stand before what it replaces.
  const others = new Map<string, string>();
  let inside = "";
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.replace(/\/\/.*$/, "").trim();
    if (line === ")") inside = "";
    const open = /^(\w+)\s*\($/.exec(line)?.[1];
    if (open !== undefined) {
      inside = open;
      continue;
    }
    const said = inside === "" ? line : `${inside} ${line}`;
    const require = /^require\s+(\S+)\s+(v\S+)$/.exec(said);
    if (require?.[1] !== undefined && require[2] !== undefined) found.set(require[1], require[2]);
    const replaced = /^replace\s+(\S+)(?:\s+v\S+)?\s+=>\s+(\S+)(?:\s+(v\S+))?$/.exec(said);
    if (replaced?.[1] !== undefined)
      others.set(replaced[1], `=> ${replaced[2] ?? ""} ${replaced[3] ?? ""}`.trim());
  }
  for (const [name, said] of others) if (found.has(name)) found.set(name, said);
  return found;
}
