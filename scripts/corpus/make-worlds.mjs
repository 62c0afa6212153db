/**
 * Worlds into one real bare repository: each world is a branch with a root of its own, a run from its
 * start to its last commit, and a claims file. All of it goes through two `git fast-import`s, so a
 * hundred histories take a second.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { imageArchive } from "./image-archive.mjs";
import { applied } from "./states.mjs";

const WORKER = "claude-code/alice";
const TS = "2026-11-22T09:00:01.000Z";
const AUTHOR = "Alice <alice-bot@acme.example>";

/** What fast-import reads, gathered. */
class Stream {
  #parts = [];
  line(text) {
    this.#parts.push(Buffer.from(`${text}\n`));
  }
  data(bytes) {
    this.line(`data ${bytes.length}`);
    this.#parts.push(bytes, Buffer.from("\n"));
  }
  /** Gives the bytes, and begins anew. */
  take() {
    const all = Buffer.concat(this.#parts);
    this.#parts = [];
    return all;
  }
}

/**
 * Builds them all. `run(args, input)` runs git in the repository; `rooms` are the model's own claims
 * functions; `expand(text, world)` fills in what only this run of the corpus knows. Gives the worlds
 * with their run's name and the ids of their commits.
 */
export function makeWorlds(worlds, { run, marksFile, rooms, expand, digestOf }) {
  const stream = new Stream();
  const marks = { next: 1 };
  const made = worlds.map((world, index) => {
    const name = { worker: WORKER, run: `20261122-090001-${index.toString(36).padStart(4, "0")}` };
    const one = { ...world, run: `${WORKER}/${name.run}`, runName: name, marks: new Map() };
    one.open = rooms.appendClaimsRecord(undefined, {
      kind: "open",
      instruction: world.instruction ?? "INS-0001",
      digest: digestOf(world.instruction ?? "INS-0001"),
      origin: "acme/shop",
      ts: TS,
      ...name,
    });
    one.claimsPath = rooms.claimsPath(name);
    earlier(stream, marks, one, expand);
    return one;
  });
  const ids = imported(run, marksFile, stream.take());
  for (const one of made) {
    one.commits = Object.fromEntries([...one.marks].map(([key, mark]) => [key, ids.get(mark)]));
    last(stream, marks, one, { expand, rooms });
  }
  const more = imported(run, marksFile, stream.take());
  for (const one of made) one.commits.P = more.get(one.lastMark);
  for (const one of made) {
    if (one.signed !== undefined) sign(one, run, rooms);
    refs(one, run);
  }
  return made;
}

function imported(run, marksFile, bytes) {
  run(["fast-import", "--quiet", "--force", `--export-marks=${marksFile}`], bytes);
  const rows = readFileSync(marksFile, "utf8").split("\n").filter(Boolean);
  return new Map(rows.map((row) => [Number(row.slice(1).split(" ")[0]), row.split(" ")[1]]));
}

/** Everything before the last commit of the run. */
function earlier(stream, marks, one, expand) {
  let files = new Map(Object.entries(one.start));
  one.tip = commit(stream, marks, one, {
    message: "Begin",
    author: "Mark <mark@acme.example>",
    written: files,
    expand,
  });
  one.marks.set("S", one.tip);
  if (one.before !== undefined) {
    const written = new Map(Object.entries(one.before));
    one.tip = commit(stream, marks, one, {
      message: "Main moves on",
      author: "Mark <mark@acme.example>",
      written,
      from: one.tip,
      expand,
    });
    one.marks.set("S", one.tip);
    for (const [path, file] of written) files.set(path, file);
  }
  one.steps.slice(0, -1).forEach((step, at) => {
    const brings = at === 0 ? new Map([[one.claimsPath, { bytes: one.open }]]) : new Map();
    files = take(stream, marks, one, { step, files, brings, expand });
    one.marks.set(String(at + 1), one.tip);
  });
  one.files = files;
}

/** The last commit, which closes the run; only now are the ids known that claims may name. */
function last(stream, marks, one, { expand, rooms }) {
  const step = one.steps.at(-1) ?? {};
  const after = applied(one.files, step);
  one.claims = one.claims.map((claim) => ({
    ...claim,
    args: filled(claim.args, one, after, expand),
  }));
  let bytes = one.open;
  for (const { type, args } of one.claims)
    bytes = rooms.appendClaimsRecord(bytes, {
      kind: "claim",
      type,
      args,
      ts: one.live ? new Date().toISOString() : TS,
    });
  bytes = rooms.appendClaimsRecord(bytes, { kind: "close", outcome: "done", ts: TS });
  one.tip = `refs/heads/w/${one.name}^0`;
  const brings = new Map([[one.claimsPath, { bytes }]]);
  take(stream, marks, one, { step, files: one.files, brings, expand });
  one.lastMark = one.tip;
}

function take(stream, marks, one, { step, files, brings, expand }) {
  let side;
  if (step.sideMerged !== undefined) {
    const written = new Map(Object.entries(step.sideMerged));
    const from = `:${one.marks.get("S")}`;
    side = commit(stream, marks, one, {
      branch: `side/${one.name}`,
      message: "Main moves on",
      author: "Mark <mark@acme.example>",
      written,
      from,
      expand,
    });
  }
  const after = applied(files, step);
  for (const [path, file] of Object.entries(step.sideMerged ?? {})) after.set(path, file);
  const written = new Map([...after].filter(([path, file]) => files.get(path) !== file));
  for (const [path, file] of brings) written.set(path, file);
  const trailer = one.trailer === false ? "" : `\n\nWingman-Run: ${one.run}`;
  one.tip = commit(stream, marks, one, {
    message: `${step.message ?? "Work"}${trailer}\n`,
    author: step.author ?? AUTHOR,
    gone: [...files.keys()].filter((path) => !after.has(path)),
    written,
    from: one.tip,
    merge: side,
    expand,
  });
  return after;
}

function commit(stream, marks, one, about) {
  const {
    message,
    author,
    written,
    gone = [],
    from,
    merge,
    branch = `w/${one.name}`,
    expand,
  } = about;
  const mark = marks.next;
  marks.next += 1;
  stream.line(`commit refs/heads/${branch}`);
  stream.line(`mark :${mark}`);
  stream.line(`author ${author} 1760000000 +0000`);
  stream.line("committer Mark <mark@acme.example> 1760000000 +0000");
  stream.data(Buffer.from(message));
  if (from !== undefined) stream.line(`from ${typeof from === "number" ? `:${from}` : from}`);
  if (merge !== undefined) stream.line(`merge :${merge}`);
  for (const path of gone) stream.line(`D ${quoted(path)}`);
  for (const [path, file] of written) entry(stream, path, file, (text) => expand(text, one));
  return mark;
}

function entry(stream, path, said, expand) {
  const file = recipe(said);
  if (file.module !== undefined) return stream.line(`M 160000 ${file.module} ${quoted(path)}`);
  const mode = file.link !== undefined ? "120000" : file.exec !== undefined ? "100755" : "100644";
  stream.line(`M ${mode} inline ${quoted(path)}`);
  return stream.data(bytesOf(said, expand));
}

/** A text is a file's whole content; strings have a `link` and a `repeat` of their own. */
function recipe(file) {
  return typeof file === "string" ? { text: file } : file;
}

/** A file of a recipe as bytes. */
function bytesOf(said, expand) {
  const file = recipe(said);
  if (file.bytes !== undefined) return file.bytes;
  if (file.image !== undefined) return imageArchive(file.image).bytes;
  if (file.b64 !== undefined) return Buffer.from(file.b64, "base64");
  if (file.repeat !== undefined) return Buffer.from(file.repeat[0].repeat(file.repeat[1]));
  return Buffer.from(String(expand(file.link ?? file.exec ?? file.text)));
}

function quoted(path) {
  return `"${path.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}

/** `{sha256:a.ts}`, `{commit:S}` and what else only this run knows. */
function filled(value, one, files, expand) {
  if (typeof value === "string")
    return expand(
      value
        .replace(/^\{(sha256|crlf256|not256):(.+)\}$/, (_, how, path) =>
          digestOfFile(
            bytesOf(files.get(path), (text) => expand(text, one)),
            how,
          ),
        )
        .replace(
          /^\{(config256|manifest256):(.+)\}$/,
          (_, what, path) => imageArchive(recipe(files.get(path)).image)[what],
        )
        .replace(/\{commit:(\w+)\}/g, (_, key) => one.commits[key] ?? missing(key, one)),
      one,
    );
  if (Array.isArray(value)) return value.map((each) => filled(each, one, files, expand));
  if (value !== null && typeof value === "object")
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, filled(each, one, files, expand)]),
    );
  return value;
}

/** Of the bytes, of what a checkout with CRLF would hold, or of nothing at all. */
function digestOfFile(bytes, how) {
  const told =
    how === "crlf256"
      ? Buffer.from(bytes.toString("latin1").replaceAll("\n", "\r\n"), "latin1")
      : bytes;
  const hex = createHash("sha256").update(told).digest("hex");
  return how === "not256" ? (hex[0] === "0" ? "1" : "0") + hex.slice(1) : hex;
}

function missing(key, one) {
  throw new Error(`${one.name}: there is no commit ${key}`);
}

/** Puts a signature into the last commit, as git folds it into its header. */
function sign(one, run, rooms) {
  const raw = run(["cat-file", "commit", one.commits.P]);
  const armored = rooms.signed(one.signed, Buffer.from(raw)).trimEnd().replaceAll("\n", "\n ");
  const cut = raw.indexOf("\n\n");
  const whole = `${raw.slice(0, cut)}\ngpgsig ${armored}${raw.slice(cut)}`;
  one.commits.P = run(["hash-object", "-t", "commit", "-w", "--stdin"], whole).trim();
  run(["update-ref", `refs/heads/w/${one.name}`, one.commits.P]);
}

function refs(one, run) {
  for (const [name, key] of Object.entries(one.branches ?? {}))
    run(["update-ref", `refs/heads/${name}`, one.commits[key]]);
  for (const [name, key] of Object.entries(one.tags ?? {}))
    run(["update-ref", `refs/tags/${name}`, one.commits[key]]);
}
