/**
 * Starts the hooks' code (hook-local.ts or hook-server.ts, each built into one file) with what V8 made of it the last time:
 * compiling it anew was half of a hook's time, and node keeps compiled code by itself only from 22 on,
 * and only for all of a program. It refuses compiled code that anybody but this account could have
 * written, and keeps some only for the installed program, in `wingman/cache/code` beside it: whoever can
 * write there can write the program too.
 */
import { isAscii } from "node:buffer";
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";

/** Set by the build: the files in `chunks/` that hold the hooks' code. */
declare const WINGMAN_HOOK_CODE: { readonly local: string; readonly server: string };
declare const __dirname: string;

/** Another day's commits may take other ways through the code: once a day it is kept anew. */
const DAY_MS = 86_400_000;

const chunks = join(__dirname, "chunks");
const hookName = /^[a-z-]{1,40}$/.exec(process.argv[3] ?? "")?.[0] ?? "none";
const kept = /[/\\]wingman[/\\]program$/.test(__dirname)
  ? join(dirname(__dirname), "cache", "code")
  : undefined;

type Load = (file: string, exports?: unknown) => unknown;
type Wrapped = (
  require: NodeJS.Require,
  module: { exports: unknown },
  load: Load,
  filename: string,
) => void;

const loaded = new Map<string, { exports: unknown }>();
/** Scripts whose code is to be kept, by the file that shall hold it. */
const toKeep = new Map<string, Script>();

function keepAll(): void {
  for (const [path, script] of toKeep) keepCode(path, script);
}

/**
 * Runs a file of `chunks/` once and gives its exports. The name holds the digest of its content. With
 * `exports`: takes them for that name, which the first file does with what its parts ask of it.
 */
function load(file: string, exports?: unknown): unknown {
  if (exports !== undefined) loaded.set(file, { exports });
  const known = loaded.get(file);
  if (known !== undefined) return known.exports;
  const path = join(chunks, file);
  const module = { exports: {} as unknown };
  loaded.set(file, module);
  const bytes = readFileSync(path);
  const source = bytes.toString(isAscii(bytes) ? "latin1" : "utf8");
  // A hook's own files are such functions already: to put one around 1 MB is to copy it.
  const code = file.startsWith("hook-")
    ? source
    : `(function (require, module, wingmanLoad, __filename) {${source}\n})`;
  const cached = kept === undefined ? undefined : readCode(codePath(kept, file));
  const script = new Script(code, {
    filename: path,
    ...(cached === undefined ? {} : { cachedData: cached.code }),
  });
  if (kept !== undefined && (cached?.fresh !== true || script.cachedDataRejected === true)) {
    // One listener for all of them: node warns aloud of an eleventh.
    if (toKeep.size === 0) process.once("exit", keepAll);
    toKeep.set(codePath(kept, file), script);
  }
  const run = script.runInThisContext() as Wrapped;
  run(createRequire(path), module, load, path);
  return module.exports;
}

/** Each hook goes its own way through the code and keeps its own; another node or machine reads no other's. */
function codePath(folder: string, file: string): string {
  return join(folder, `${file}.${hookName}.${process.version}-${process.arch}`);
}

/** The kept code where it is nobody else's; `fresh` unless it should be made anew. */
function readCode(path: string): { code: Buffer; fresh: boolean } | undefined {
  try {
    const file = openSync(path, "r");
    try {
      const { uid, mode, mtimeMs } = fstatSync(file);
      // Windows knows no such owner and gives no such bits.
      if (process.getuid !== undefined && (uid !== process.getuid() || (mode & 0o022) !== 0))
        return undefined;
      return { code: readFileSync(file), fresh: Date.now() - mtimeMs < DAY_MS };
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined; // None yet, or none that can be read: it is compiled, as ever.
  }
}

/** What cannot be kept (a full or read-only disk) stops nobody: the next hook compiles once more. */
function keepCode(path: string, script: Script): void {
  const part = `${path}.${process.pid}.part`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // On the disk before it has its name: V8 looks only at a file's head and length, and a machine that
    // loses power may keep those alone.
    writeFileSync(part, script.createCachedData(), { mode: 0o600, flag: "wx", flush: true });
    renameSync(part, path);
  } catch {
    try {
      rmSync(part, { force: true });
    } catch {
      // There is not even a folder that it could stand in.
    }
  }
}

load(/-receive$/.test(hookName) ? WINGMAN_HOOK_CODE.server : WINGMAN_HOOK_CODE.local);
