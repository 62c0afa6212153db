/** The lock files: what would be installed. */
import { parseFormat } from "../parse-format.ts";
import type { Node } from "../parsed-node.ts";
import { Unparsed } from "../parsed-node.ts";
import type { Ecosystem, Lock, LockFormat } from "./ecosystem.ts";
import { plainName } from "./ecosystem.ts";
import { entriesOf, entry, itemsOf, requirementsTxt, textOf } from "./manifests.ts";

export const LOCKS: readonly LockFormat[] = [
  { ecosystem: "npm", file: "package-lock.json", read: packageLock },
  { ecosystem: "npm", file: "npm-shrinkwrap.json", read: packageLock },
  { ecosystem: "npm", file: "pnpm-lock.yaml", read: pnpmLock },
  { ecosystem: "npm", file: "yarn.lock", read: yarnLock },
  { ecosystem: "cargo", file: "Cargo.lock", read: tomlLock("cargo") },
  { ecosystem: "python", file: "poetry.lock", read: tomlLock("python") },
  { ecosystem: "python", file: "uv.lock", read: tomlLock("python") },
  { ecosystem: "python", file: "pdm.lock", read: tomlLock("python") },
  { ecosystem: "python", file: "Pipfile.lock", read: pipfileLock },
  { ecosystem: "python", file: "requirements.txt", read: pinned },
  { ecosystem: "go", file: "go.sum", read: goSum },
];

class Packages {
  readonly found = new Map<string, Set<string>>();
  add(name: string, version: string | undefined): void {
    const versions = this.found.get(name) ?? new Set();
    if (version !== undefined) versions.add(version);
    this.found.set(name, versions);
  }
}

async function packageLock(text: string, path: string): Promise<Lock> {
  const root = await parseFormat("json", Buffer.from(text), path);
  const packages = new Packages();
  if (!/^[123]$/.test(textOf(entry(root, "lockfileVersion")) ?? "1"))
    throw new Unparsed("UNSUPPORTED", "a lockfileVersion that is not known");
  const all = entry(root, "packages");
  if (all === undefined) {
    // Version 1: nested dependencies.
    const todo = [entry(root, "dependencies")];
    if (todo[0] === undefined) throw new Unparsed("UNSUPPORTED", "no packages in the lock file");
    for (let at = todo.pop(); at !== undefined; at = todo.pop())
      for (const [name, node] of entriesOf(at)) {
        packages.add(name, textOf(entry(node, "version")));
        const inner = entry(node, "dependencies");
        if (inner !== undefined) todo.push(inner);
      }
    return { packages: packages.found };
  }
  for (const [where, node] of entriesOf(all)) {
    const cut = where.lastIndexOf("node_modules/");
    if (cut < 0) continue;
    const name = textOf(entry(node, "name")) ?? where.slice(cut + "node_modules/".length);
    packages.add(name, textOf(entry(node, "version")));
  }
  const answered = groupsOf(entry(all, ""));
  const direct = new Map<string, string | undefined>();
  for (const name of answered.keys()) {
    const node = entry(all, `node_modules/${name}`);
    if (node !== undefined) direct.set(name, textOf(entry(node, "version")));
  }
  const said = entriesOf(entry(entry(all, ""), "optionalDependencies"));
  const optional = new Set(said.map(([name]) => name));
  return { packages: packages.found, answered, direct, optional };
}

const GROUPS = ["dependencies", "devDependencies", "optionalDependencies"] as const;

function groupsOf(node: Node | undefined): Map<string, string> {
  const found = new Map<string, string>();
  for (const group of GROUPS)
    for (const [name, said] of entriesOf(entry(node, group))) {
      const text = textOf(said) ?? textOf(entry(said, "specifier"));
      if (text !== undefined) found.set(name, text);
    }
  return found;
}

async function pnpmLock(text: string, path: string): Promise<Lock> {
  const root = await parseFormat("yaml", Buffer.from(text), path);
  const packages = new Packages();
  if (!/^[5-9](?:\.|$)/.test(textOf(entry(root, "lockfileVersion")) ?? ""))
    throw new Unparsed("UNSUPPORTED", "a lockfileVersion that is not known");
  for (const [key] of entriesOf(entry(root, "packages"))) {
    // `/name@1.0.0(peer@2)`, `name@1.0.0`, and of old `/name/1.0.0`.
    const plain = key.replace(/^\//, "").replace(/\(.*$/, "");
    const cut = plain.lastIndexOf("@") > 0 ? plain.lastIndexOf("@") : plain.lastIndexOf("/");
    if (cut > 0) packages.add(plain.slice(0, cut), plain.slice(cut + 1));
  }
  const importers = entry(root, "importers");
  // What workspace packages ask for stands there too, links among it.
  for (const [, importer] of entriesOf(importers))
    for (const [name] of groupsOf(importer)) packages.add(name, undefined);
  const own = entry(importers, ".") ?? (importers === undefined ? root : undefined);
  if (own === undefined) return { packages: packages.found };
  return { packages: packages.found, answered: groupsOf(own), direct: versionsOf(own) };
}

/** `version: 5.2.0(yaml@2.9.1)`; links, tarballs and aliases have no version of their own there. */
function versionsOf(importer: Node): Map<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  for (const group of GROUPS)
    for (const [name, said] of entriesOf(entry(importer, group))) {
      const version = /^\d[\w.+-]*(?=\(|$)/.exec(textOf(entry(said, "version")) ?? "")?.[0];
      found.set(name, version);
    }
  return found;
}

/** Version 1 and Berry: blocks that begin with `"name@range", "name@range":`. */
function yarnLock(text: string): Lock {
  const packages = new Packages();
  let names: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (/^\S.*:$/.test(line) && !line.startsWith("#")) {
      const heads = line
        .slice(0, -1)
        .split(", ")
        .map((one) => one.trim().replace(/^"|"$/g, ""));
      names = [];
      for (const head of heads.flatMap((one) => one.split(", "))) {
        const cut = head.indexOf("@", 1);
        if (cut < 0) continue;
        names.push(head.slice(0, cut));
      }
    }
    const version = /^\s+version:?\s+"?([^"\s]+)"?$/.exec(line)?.[1];
    if (version !== undefined) for (const name of names) packages.add(name, version);
  }
  if (packages.found.size === 0 && !/^#.*yarn|^__metadata:/m.test(text))
    throw new Unparsed("UNSUPPORTED", "no yarn.lock that is known");
  return { packages: packages.found };
}

function tomlLock(ecosystem: Ecosystem): LockFormat["read"] {
  return async (text, path) => {
    const root = await parseFormat("toml", Buffer.from(text), path);
    const packages = new Packages();
    for (const node of itemsOf(entry(root, "package"))) {
      const name = textOf(entry(node, "name"));
      if (name !== undefined)
        packages.add(plainName(ecosystem, name), textOf(entry(node, "version")));
    }
    return { packages: packages.found };
  };
}

async function pipfileLock(text: string, path: string): Promise<Lock> {
  const root = await parseFormat("json", Buffer.from(text), path);
  const packages = new Packages();
  for (const group of ["default", "develop"])
    for (const [name, node] of entriesOf(entry(root, group)))
      packages.add(plainName("python", name), textOf(entry(node, "version"))?.replace(/^==/, ""));
  return { packages: packages.found };
}

/** requirements.txt is a lock only where each line is pinned. */
function pinned(text: string): Lock {
  const packages = new Packages();
  for (const [name, said] of requirementsTxt(text)) {
    const version = /^===?\s*([^\s,*]+)$/.exec(said)?.[1];
    if (version === undefined)
      throw new Unparsed("UNSUPPORTED", "requirements.txt pins no versions, so it is no lock file");
    packages.add(name, version);
  }
  return { packages: packages.found };
}

function goSum(text: string): Lock {
  const packages = new Packages();
  for (const line of text.split(/\r?\n/)) {
    const [name, version] = line.trim().split(/\s+/);
    if (name !== undefined && version?.startsWith("v") === true)
      packages.add(name, version.replace(/\/go\.mod$/, ""));
  }
  return { packages: packages.found };
}
