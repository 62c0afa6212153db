/**
 * A file's bytes into nodes by its format. What does not parse, or has a key twice, is no evidence for
 * anything: it throws {@link Unparsed}, and the claim is UNVERIFIABLE.
 */
import type { RepoPath } from "@wingman/model";
import { jsonNodes } from "./json-nodes.ts";
import type { Node } from "./parsed-node.ts";
import { nodeOf, Unparsed } from "./parsed-node.ts";
import { yamlNodes } from "./yaml-nodes.ts";

export const FORMATS = ["json", "yaml", "toml", "env"] as const;
export type Format = (typeof FORMATS)[number];

/** Files whose own tools read comments and trailing commas. */
const COMMENTED =
  /(?:^|\/)(?:[tj]sconfig[^/]*\.json|\.vscode\/[^/]*\.json|\.devcontainer\.json|devcontainer\.json|\.swcrc|\.eslintrc|[^/]*\.jsonc)$/;

/** The format that a path's name tells; undefined where it tells none. */
export function formatOf(path: RepoPath): Format | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  if (/\.(?:json|jsonc|webmanifest|geojson)$/.test(name) || /^\.(?:swcrc|eslintrc)$/.test(name))
    return "json";
  if (/\.ya?ml$/.test(name)) return "yaml";
  if (/\.toml$/.test(name) || /^(?:cargo|poetry|uv|pdm)\.lock$/.test(name)) return "toml";
  if (/^(?:pipfile|composer)\.lock$/.test(name)) return "json";
  return /^\.env(?:\.|$)|\.env$/.test(name) ? "env" : undefined;
}

/** Parses; throws {@link Unparsed}. */
export async function parseFormat(format: Format, bytes: Buffer, path: RepoPath): Promise<Node> {
  const text = bytes.toString("utf8");
  if (text.includes("\ufffd") && !Buffer.from(text, "utf8").equals(bytes))
    throw new Unparsed("UNSUPPORTED", "the file is no UTF-8");
  switch (format) {
    case "json":
      return jsonNodes(text, { comments: COMMENTED.test(path) });
    case "yaml":
      return yamlNodes(bytes);
    case "toml":
      return await tomlNodes(text);
    case "env":
      return envNodes(text);
  }
}

async function tomlNodes(text: string): Promise<Node> {
  const { parse } = await import("smol-toml");
  try {
    return nodeOf(parse(text, { maxDepth: 256, integersAsBigInt: true }));
  } catch (error) {
    const line = error instanceof Error && "line" in error ? `line ${String(error.line)}: ` : "";
    throw new Unparsed("UNSUPPORTED", `${line}no TOML`);
  }
}

const ENV_LINE = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)$/;

/**
 * `.env` has no standard: what all readers agree on is a text; where they part (escapes, `$`, a `#`
 * behind a value, several lines) the text is marked unsure.
 */
function envNodes(text: string): Node {
  const entries = new Map<string, Node>();
  for (const [index, line] of text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const [, key, raw = ""] = ENV_LINE.exec(line) ?? [];
    if (key === undefined) throw new Unparsed("UNSUPPORTED", `line ${index + 1}: no KEY=value`);
    if (entries.has(key))
      throw new Unparsed("AMBIGUOUS", `line ${index + 1}: a key stands there twice`);
    entries.set(key, envValue(raw.trim(), index + 1));
  }
  return { is: "map", entries };
}

function envValue(raw: string, line: number): Node {
  const quote = /^(["'`])([\s\S]*)\1$/.exec(raw);
  if (quote === null && /^["'`]/.test(raw))
    throw new Unparsed("UNSUPPORTED", `line ${line}: a quote that does not end there`);
  const text = quote?.[2] ?? raw;
  const plain = quote?.[1] === "'" ? !text.includes("'") : !/[\\$`"'#\s]/.test(text);
  const spaced = quote?.[1] === '"' && !/[\\$`"]/.test(text);
  return plain || spaced
    ? { is: "text", text }
    : { is: "text", text, unsure: "readers of .env files differ about this value" };
}
