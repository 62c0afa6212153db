/**
 * Marks of a failure that the auditor's own surroundings made: a package that is not installed, a network
 * that was cut off, a tool that is not there. An honest worker's green suite fails so in a clean copy, and
 * that contradicts nothing. One row a mark.
 */
import type { Reason } from "@wingman/model";

interface Mark {
  readonly reason: Extract<
    Reason,
    "TOOL_MISSING" | "UNREACHABLE" | "PERMISSION" | "BUDGET" | "NO_WITNESS"
  >;
  readonly pattern: RegExp;
}

/** What a build would have made, or an installation: never in a commit. */
const MADE = String.raw`(?:node_modules|dist|build|out|lib|gen|generated|target|coverage|vendor|\.next|__pycache__)`;

const MARKS: readonly Mark[] = [
  { reason: "TOOL_MISSING", pattern: /Cannot find package '[^']{1,200}'/ },
  { reason: "TOOL_MISSING", pattern: /Cannot find module '(?![./])[^']{1,200}'/ },
  { reason: "TOOL_MISSING", pattern: new RegExp(`Cannot find module '[^']{0,300}/${MADE}/`) },
  { reason: "TOOL_MISSING", pattern: /Failed to (?:resolve import|load url) "?(?![./])[\w@]/ },
  { reason: "TOOL_MISSING", pattern: /ModuleNotFoundError|ImportError: No module|No module named/ },
  { reason: "TOOL_MISSING", pattern: /cannot load such file -- (?![./])/ },
  { reason: "TOOL_MISSING", pattern: /no required module provides package|cannot find package "/ },
  { reason: "TOOL_MISSING", pattern: /ClassNotFoundException|NoClassDefFoundError/ },
  { reason: "TOOL_MISSING", pattern: /can't find crate|failed to (?:download|get) `/ },
  { reason: "TOOL_MISSING", pattern: /: (?:command )?not found$/m },
  { reason: "TOOL_MISSING", pattern: /\bspawn [^\n]{1,200} ENOENT\b/ },
  { reason: "TOOL_MISSING", pattern: /\bENOENT\b[^\n]{0,200}\/(?:usr|opt|home|etc|root)\// },
  { reason: "TOOL_MISSING", pattern: new RegExp(`ENOENT[^\\n]{0,300}/${MADE}/`) },
  { reason: "TOOL_MISSING", pattern: /Cannot connect to the Docker daemon|docker\.sock/ },
  {
    reason: "TOOL_MISSING",
    pattern: /GLIBC_\d|shared librar(?:y|ies)|Exec format error|engine-strict/,
  },
  // A runtime older than the worker's: it knows no such file, flag, module or export.
  {
    reason: "TOOL_MISSING",
    pattern:
      /Unknown file extension "?\.[cm]?tsx?\b|No such built-in module|ERR_UNKNOWN_BUILTIN_MODULE|module '(?:node:)?(?:assert|async_hooks|buffer|child_process|crypto|events|fs|http|module|os|path|process|sqlite|stream|test|timers|url|util|v8|vm|worker_threads|zlib)(?:\/\w+)*' does not provide an export/,
  },
  {
    reason: "TOOL_MISSING",
    pattern:
      /\bbad option: -|[Uu]nknown (?:or unexpected )?(?:option|flag|argument)\b|unrecognized (?:arguments|option)|flag provided but not defined|Unsupported engine|UnsupportedClassVersionError|invalid go version|requires (?:Python|Node|Go|Ruby|Rust|Java)\b/,
  },
  { reason: "TOOL_MISSING", pattern: /Executable doesn't exist at|playwright install/ },
  {
    reason: "UNREACHABLE",
    pattern:
      /\b(?:ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ECONNREFUSED|ETIMEDOUT|ECONNRESET|EADDRNOTAVAIL|EADDRINUSE)\b/,
  },
  {
    reason: "UNREACHABLE",
    pattern: /\bfetch failed\b|getaddrinfo|Connection refused|connection refused/,
  },
  {
    reason: "UNREACHABLE",
    pattern:
      /Could not resolve (?:host|dependencies)|Temporary failure in name resolution|Name or service not known|UnknownHostException|Network is unreachable|dial tcp|no such host/,
  },
  {
    reason: "PERMISSION",
    pattern:
      /\b(?:EACCES|EPERM|EROFS)\b|Permission denied|Operation not permitted|Read-only file system/,
  },
  {
    reason: "BUDGET",
    pattern:
      /\b(?:ENOSPC|ENOMEM|EAGAIN|EMFILE|EDQUOT)\b|out of memory|heap out of memory|Resource temporarily unavailable|[Cc]annot fork|fork: retry|[Cc]annot allocate memory|MemoryError|OutOfMemoryError|bad_alloc|[Aa]llocation failed|could not allocate|memory allocation of|failed to allocate|ERR_OUT_OF_RANGE|Invalid (?:typed )?array(?: buffer)? length/,
  },
  {
    reason: "NO_WITNESS",
    pattern: /not a git repository|Please tell me who you are|dubious ownership|detected dubious/,
  },
  {
    reason: "NO_WITNESS",
    pattern:
      /environment variable|\bKeyError: '[A-Z_]{3,}'|\$[A-Z_]{3,} (?:is not set|must be set)/,
  },
  { reason: "NO_WITNESS", pattern: /(?:timed out|[Tt]imeout)\b[^\n]{0,40}\d|test timed out/ },
];

/** A mark in a failure's text, and the line that it stands in. */
export interface FoundMark {
  readonly reason: Mark["reason"];
  readonly line: string;
}

/** The first mark of a text. */
export function environmentMark(text: string): FoundMark | undefined {
  for (const { reason, pattern } of MARKS) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const from = text.lastIndexOf("\n", found.index) + 1;
    const to = text.indexOf("\n", found.index);
    return {
      reason,
      line: text
        .slice(from, to < 0 ? undefined : to)
        .trim()
        .slice(0, 200),
    };
  }
  return undefined;
}
