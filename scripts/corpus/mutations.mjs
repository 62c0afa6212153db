/**
 * Lies made of true claims, mechanically: each row says how a claim that holds becomes one that cannot,
 * so the label is known by construction. `exists`: the path must stand at the end of the world.
 */
const NEVER = "never-there-7f3c";

/** By type: the false claims that follow from a true one. */
const ROWS = {
  "file.exists": ({ path, kind }) => [
    ["file.exists", { path: `${path.replace(/\/$/, "")}-${NEVER}` }],
    ...(kind === "symlink" ? [] : [["file.absent", { path }]]),
  ],
  "file.absent": ({ path }) => [["file.exists", { path }]],
  "file.created": ({ path }) => [
    ["file.deleted", { path }],
    ["file.untouched", { path }],
    ["file.modified", { path }],
    ["file.created", { path: `${path.replace(/\/$/, "")}-${NEVER}` }],
  ],
  "file.modified": ({ path }) => [
    ["file.created", { path }],
    ["file.deleted", { path }],
    ["file.untouched", { path }],
  ],
  "file.deleted": ({ path }) => [
    ["file.exists", { path }],
    ["file.created", { path }],
    ["file.modified", { path }],
  ],
  "file.renamed": ({ from, to }) => [
    ["file.renamed", { from: to, to: from }],
    ["file.renamed", { from, to: `${to}-${NEVER}` }],
  ],
  "file.untouched": ({ path }) => (path === undefined ? [] : [["file.created", { path }]]),
  "file.sha256": ({ path, sha256 }) => [
    ["file.sha256", { path, sha256: sha256.replace("{sha256:", "{not256:") }],
  ],
  "file.size": ({ path, op = "==", bytes }) =>
    op === "==" ? [["file.size", { path, bytes: bytes + 7919 }]] : [],
  "file.lines": ({ path, op = "==", lines }) =>
    op === "==" ? [["file.lines", { path, lines: lines + 1000 }]] : [],
  "file.contains": ({ path, literal, count, op }) =>
    literal === undefined || count !== undefined || op !== undefined
      ? []
      : [
          ["file.lacks", { path, literal }],
          ["file.contains", { path, literal: `${literal} ${NEVER}` }],
          ["file.contains", { path, literal, op: "==", count: 5000 }],
        ],
  "file.lacks": ({ path, literal }) =>
    literal === undefined ? [] : [["file.contains", { path, literal }]],
  "file.mode": ({ path, mode }) =>
    /^100/.test(mode)
      ? [["file.mode", { path, mode: mode === "100644" ? "100755" : "100644" }]]
      : [],
  "file.linksTo": ({ path, target }) => [["file.linksTo", { path, target: `${target}-${NEVER}` }]],
  "data.path": ({ path, pointer, op = "==", value, ...rest }) => [
    ["data.absent", { path, pointer, ...rest }],
    ...(op === "==" && typeof value === "string"
      ? [["data.path", { path, pointer, value: `${value}-${NEVER}`, ...rest }]]
      : []),
    ...(op === "==" && typeof value === "number"
      ? [["data.path", { path, pointer, value: value + 1, ...rest }]]
      : []),
  ],
  "data.absent": ({ path, pointer, ...rest }) => [
    ["data.path", { path, pointer, value: NEVER, ...rest }],
  ],
  "symbol.defined": ({ path, name }) => [
    ["symbol.absent", { path, name }],
    ["symbol.defined", { path, name: "neverThere7f3c" }],
  ],
  "symbol.absent": ({ path, name }) => [["symbol.defined", { path, name }]],
  "symbol.exported": ({ path }) => [["symbol.exported", { path, name: "neverThere7f3c" }]],
  "git.commit": ({ commit, message, author }) => [
    ...(message === undefined ? [] : [["git.commit", { commit, message: `${message} ${NEVER}` }]]),
    ...(author === undefined ? [] : [["git.commit", { commit, author: "mallory@acme.example" }]]),
  ],
  "git.touches": ({ commit }) => [["git.touches", { commit, path: NEVER }]],
  "git.adds": ({ commit, path, literal }) => [
    ["git.adds", { commit, path, literal: `${literal} ${NEVER}` }],
  ],
  "git.diffWithin": () => [["git.diffWithin", { allow: [`${NEVER}/**`] }]],
  "pkg.installed": ({ range: _, ...args }) => [
    ["pkg.absent", args],
    ["pkg.installed", { ...args, name: NEVER }],
  ],
  "pkg.absent": (args) => [["pkg.installed", args]],
  "dep.version": (args) => [
    ["dep.version", { ...args, version: "99.98.97" }],
    ["dep.version", { ...args, name: NEVER }],
  ],
};
/** `pkg.absent` of what go.sum names is AMBIGUOUS: it names more than is built. */
const NOT_SO = ([type, args]) => type === "pkg.absent" && args.ecosystem === "go";

/** A world's claims with the lies that follow from its true ones. */
export function withMutations(world) {
  if (!world.mutate) return world.claims;
  const known = new Set(world.claims.map(keyOf));
  const lies = [];
  for (const { label, type, args } of world.claims) {
    if (label !== "TRUE") continue;
    const row = ROWS[type] ?? (() => []);
    const made = row(args)
      .filter((one) => !NOT_SO(one))
      .map(([as, more]) => ({
        label: "FALSE",
        type: as,
        args: more,
        hostile: false,
        by: "mutation",
      }));
    // Whatever holds, with a word that no schema knows, is no claim.
    made.push({
      label: "MALFORMED",
      type,
      args: { ...args, surely: true },
      hostile: false,
      by: "mutation",
    });
    for (const lie of made) {
      if (known.has(keyOf(lie))) continue;
      known.add(keyOf(lie));
      lies.push(lie);
    }
  }
  return [...world.claims, ...lies];
}

function keyOf({ type, args }) {
  return JSON.stringify([type, Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
