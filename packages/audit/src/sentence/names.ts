/**
 * Which word of a sentence is the name of a file or folder. Whatever prose could mean otherwise
 * (`Node.js`, `read/write`, a quoted phrase) is a doubtful name: it decides
 * only where something of that name stands.
 */
import type { RepoPath } from "@wingman/model";
import type { Token } from "./tokens.ts";

/**
 * How far a name may be no path at all. `word`: it decides where its first folder stands. `whole`: only
 * where it stands itself. `loose`: as `whole`, and it never makes a sentence FALSE.
 */
export type Doubt = "word" | "whole" | "loose";

/** What a sentence names. */
export interface Name {
  readonly path: RepoPath;
  readonly doubt?: Doubt;
  /** What the sentence calls it: `the folder src`, `the src folder`. */
  readonly kind?: NameKind;
  /** The path before `in src/` was put in front of it, which may be what it means. */
  readonly bare?: RepoPath;
}

/** What a sentence calls the thing before it names it. */
export type NameKind = "file" | "folder" | "symlink";

/** Names without a dot or a slash that are files all the same. */
const BARE =
  /^(?:Makefile|GNUmakefile|Dockerfile|Containerfile|Jenkinsfile|Gemfile|Rakefile|Procfile|Vagrantfile|Brewfile|Justfile|justfile|CODEOWNERS)$/;
/** Files that people name without their ending: `the README` is `README.md` most of the time. */
const SHORT =
  /^(?:README|LICENSE|LICENCE|COPYING|CHANGELOG|NOTICE|AUTHORS|CONTRIBUTING|MAINTAINERS|SECURITY)$/;
/** Endings that are those of files wherever they stand. */
const ENDINGS = new Set(
  `ts mts cts tsx js mjs cjs jsx json json5 jsonl jsonc md mdx markdown rst adoc txt text log csv tsv sql db sqlite sqlite3
  yml yaml toml ini cfg conf config env properties xml xsd xsl html htm xhtml css scss sass less vue svelte astro
  py pyi pyc ipynb rb erb rake gemspec go mod sum rs java kt kts scala groovy gradle c h cc cpp cxx hpp hh cs fs vb
  swift m mm php pl pm lua r jl ex exs erl hrl hs clj cljs elm dart zig nim v sh bash zsh fish ps1 bat cmd awk sed
  tar gz tgz bz2 xz zst zip 7z rar jar war whl deb rpm apk dmg iso img bin exe dll so dylib a o wasm map lock snap
  png jpg jpeg gif svg webp ico bmp tif tiff pdf doc docx xls xlsx ppt pptx odt ods mp3 mp4 wav ogg webm mov avi woff woff2 ttf otf eot
  pem crt cer key pub p12 pfx asc sig gpg proto graphql gql tf tfvars hcl nix bzl bazel cmake mk in am ac patch diff
  bak old orig tmp swp pid sock sample example template tmpl tpl hbs ejs mustache pug liquid j2 http rest feature spec
  parquet avro orc feather npy npz pkl h5 onnx pt ckpt safetensors dump rdb aof service timer socket desktop plist`
    .trim()
    .split(/\s+/),
);
/** Products and addresses that end as files do. */
const PRODUCT =
  /^(?:node|next|nuxt|vue|react|express|three|d3|ember|backbone|alpine|angular|require|chart|discord|p5|moment|deno|nest|solid|qwik|hapi|koa|knex|bull)\.js$|^(?:asp)?\.net$|^socket\.io$/i;
/** Bare words take no other characters; whatever has them wants quotes. */
const PLAIN = /^[\p{L}\p{M}\p{N}_@%+=~./#$&^[\]{}-]+$/u;
/** Patterns, variables, places in a file, Windows paths, mail addresses, and text with several names in it. */
const ODD = /[*?[\]{}#$%^|\\<>]|^@[^/]+\/[^/]+$|^[^/@]+@[^/]+$|(?! )\p{Zs}|, | (?:and|or|to) /u;
/** What no eye sees, as some chats add it. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** The name that a token is, or undefined where it is none. */
export function nameOf(token: Token, kind: NameKind | undefined): Name | undefined {
  const { text } = token;
  if (/^[a-z][a-z0-9+.-]{0,20}:\/\//i.test(text) || /^www\./i.test(text)) return undefined;
  if (text.trim() === "" || UNSEEN.test(text)) return undefined;
  if (!token.quoted) {
    if (!PLAIN.test(text) || /^[.~-]+$|^\.\.+[^./]/.test(text)) return undefined;
    if (/^v?\d+(?:\.\d+)*$/i.test(text) || /^(?:e\.g|i\.e|a\.k\.a|vs|etc|n\/a)$/i.test(text))
      return undefined;
    if (!isPath(text) && !SHORT.test(text) && kind === undefined && !/[./]/.test(text))
      return undefined;
  }
  const doubt = ODD.test(text) ? "whole" : doubtOf(token, kind);
  return doubt === undefined ? { path: text } : { path: text, doubt };
}

function doubtOf({ text, quoted }: Token, kind: NameKind | undefined): Doubt | undefined {
  if (quoted) return kind === undefined && !isPath(text) ? "word" : undefined;
  if (isPath(text)) return undefined;
  if (SHORT.test(text)) return kind === undefined ? "word" : undefined;
  return kind === undefined || PRODUCT.test(text) || !/[.\d_-]/.test(text) ? "word" : undefined;
}

/** Whether a name's form says that it is no folder. */
export function isFileName(path: RepoPath): boolean {
  const last = path.split("/").at(-1) ?? "";
  return last !== "" && (BARE.test(last) || hasEnding(last));
}

/** A form that prose has not: a known ending, a leading dot, or a folder before a name with a dot. */
function isPath(text: string): boolean {
  const parts = text.split("/");
  const last = parts.at(-1) ?? "";
  if (PRODUCT.test(text)) return false;
  if (parts.length === 1) return BARE.test(text) || hasEnding(last) || isHidden(last);
  // `a.ts/b.ts` says "or".
  if (parts.slice(0, -1).some(hasEnding)) return false;
  if (text.includes(" ") && !hasEnding(last)) return false;
  return (
    last === "" ||
    parts.length > 2 ||
    parts[0] === "" ||
    parts[0] === "." ||
    BARE.test(last) ||
    isHidden(last) ||
    /[^.]\.[A-Za-z0-9_]+$/.test(last)
  );
}

function hasEnding(name: string): boolean {
  const dot = name.lastIndexOf(".");
  return dot > 0 && ENDINGS.has(name.slice(dot + 1).toLowerCase());
}

function isHidden(name: string): boolean {
  return /^\.[A-Za-z0-9_]/.test(name) && !/\s/.test(name);
}
