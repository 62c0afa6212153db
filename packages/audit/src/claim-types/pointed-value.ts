/**
 * `data.path`, `data.absent`: what a JSON, YAML, TOML or .env file says at a pointer. A value whose kind
 * is not the claimed one, or that readers see in two ways, is AMBIGUOUS where it does not fit.
 */
import { quotePath } from "@wingman/model";
import type { Scalar } from "../arguments.ts";
import type { ClaimType } from "../claim-type.ts";
import { compare, OPERATORS, readDecimal } from "../comparison.ts";
import { contradicts, holds, quoted, unverifiable } from "../observation.ts";
import type { Format } from "../parse-format.ts";
import { FORMATS } from "../parse-format.ts";
import type { Node } from "../parsed-node.ts";
import { decimalOf } from "../parsed-node.ts";
import { exactPath, placeOf } from "./file-standing.ts";
import { parsedAt } from "./parsed-file.ts";

const FILE = {
  path: { kind: "path", required: true },
  format: { kind: FORMATS },
} as const;

const dataPath: ClaimType = {
  type: "data.path",
  title: "a data file holds this value at this pointer",
  example: {
    type: "data.path",
    args: { path: "package.json", pointer: "/engines/node", value: ">=20" },
  },
  args: {
    ...FILE,
    pointer: { kind: "pointer", required: true },
    op: { kind: [...OPERATORS, "exists", "contains", "length"] },
    value: { kind: "value" },
  },
  witness: "git",
  forgeable: false,
  covers: exactPath,
  judge: async (args, scene) => {
    const { path } = placeOf(args);
    const pointer = args.text("pointer") ?? "";
    const value = args.value("value");
    const op = args.text("op") ?? (value === undefined ? "exists" : "==");
    const said = value === undefined ? "" : ` ${quoted(JSON.stringify(value))}`;
    const expected = `${quotePath(path)} at ${quoted(pointer)}: ${op}${said}`;
    if ((op === "exists") !== (value === undefined))
      return unverifiable(
        "MALFORMED",
        expected,
        `\`${op}\` ${op === "exists" ? "takes no" : "needs a"} value`,
      );
    const parsed = await parsedAt(args, scene, expected);
    if ("answer" in parsed) return parsed;
    const found = nodeAt(parsed.node, pointer);
    if (!("is" in found))
      return op === "!="
        ? unverifiable("AMBIGUOUS", expected, `nothing stands there (${found.why})`)
        : contradicts(expected, `nothing stands there (${found.why})`);
    const observed = parsed.format === "env" ? "a value that is not shown" : shownNode(found);
    if (op === "exists" || value === undefined) return holds(expected, observed);
    const answer = judgeValue(found, op, value, parsed.format);
    if (answer === true) return holds(expected, observed);
    return answer === false
      ? contradicts(expected, observed)
      : unverifiable("AMBIGUOUS", expected, `${observed}; ${answer}`);
  },
};

const dataAbsent: ClaimType = {
  type: "data.absent",
  title: "a data file holds nothing at this pointer",
  example: {
    type: "data.absent",
    args: { path: "package.json", pointer: "/dependencies/left-pad" },
  },
  args: { ...FILE, pointer: { kind: "pointer", required: true } },
  witness: "git",
  forgeable: false,
  covers: exactPath,
  judge: async (args, scene) => {
    const pointer = args.text("pointer") ?? "";
    const expected = `${quotePath(placeOf(args).path)} holds nothing at ${quoted(pointer)}`;
    if (pointer === "") return unverifiable("VACUOUS", expected, "the whole document is there");
    const parsed = await parsedAt(args, scene, expected, true);
    if ("answer" in parsed) return parsed;
    const found = nodeAt(parsed.node, pointer);
    return "is" in found
      ? contradicts(expected, parsed.format === "env" ? "a value" : shownNode(found))
      : holds(expected, found.why);
  },
};

/** The node at an RFC 6901 pointer, or why there is none. */
function nodeAt(root: Node, pointer: string): Node | { readonly why: string } {
  let node = root;
  const keys = pointer.split("/").slice(1);
  for (const [index, key] of keys.entries()) {
    const name = key.replaceAll("~1", "/").replaceAll("~0", "~");
    const next =
      node.is === "map"
        ? node.entries.get(name)
        : node.is === "list" && /^(?:0|[1-9]\d{0,8})$/.test(name)
          ? node.items[Number(name)]
          : undefined;
    if (next === undefined)
      return { why: `at ${quoted(`/${keys.slice(0, index).join("/")}`)}: ${kindText(node)}` };
    node = next;
  }
  return node;
}

function kindText(node: Node): string {
  if (node.is === "map") return `a map of ${node.entries.size} keys`;
  return node.is === "list" ? `a list of ${node.items.length}` : `a ${node.is}`;
}

function shownNode(node: Node): string {
  if (node.is === "map" || node.is === "list") return kindText(node);
  if (node.is === "null") return "null";
  if (node.is === "flag") return String(node.value);
  return node.is === "number" ? `the number ${quoted(node.text)}` : `the text ${quoted(node.text)}`;
}

/** True, false, or why neither can be said. */
function judgeValue(node: Node, op: string, value: Scalar, format: Format): boolean | string {
  if (op === "==") return equal(node, value, format);
  if (op === "!=") {
    const same = equal(node, value, format);
    return typeof same === "string" ? same : !same;
  }
  if (op === "contains") return contains(node, value, format);
  const wanted = readDecimal(value);
  if (wanted === undefined) return "the claimed value is no number";
  if (op === "length") {
    const size = sizeOf(node);
    const seen = size === undefined ? undefined : readDecimal(size);
    return seen === undefined ? "it has no length" : compare(seen, "==", wanted);
  }
  const order = OPERATORS.find((one) => one === op) ?? "==";
  if (node.is === "number" && node.unsure !== undefined) return node.unsure;
  const seen = node.is === "number" ? decimalOf(node.text) : undefined;
  return seen === undefined ? "it is no number to compare" : compare(seen, order, wanted);
}

function sizeOf(node: Node): number | undefined {
  if (node.is === "list") return node.items.length;
  if (node.is === "map") return node.entries.size;
  return node.is === "text" ? [...node.text].length : undefined;
}

function equal(node: Node, value: Scalar, format: Format): boolean | string {
  switch (node.is) {
    case "null":
      return value === null || (value === "null" ? "null, not the text" : false);
    case "flag":
      if (typeof value === "boolean") return node.value === value;
      return value === String(node.value) ? "true or false, not the text" : false;
    case "number": {
      if (value === node.text) return true;
      if (node.unsure !== undefined) return node.unsure;
      const wanted =
        typeof value === "number" || typeof value === "string" ? readDecimal(value) : undefined;
      const seen = decimalOf(node.text);
      if (wanted === undefined) {
        // `0xff`, `1_000`, `inf`: the parser has read another spelling of a number.
        const odd =
          typeof value === "string" && /^[+-]?(?:[\d._xXoOa-fA-F+-]+|inf|nan)$/i.test(value);
        return odd ? "a number in another spelling" : false;
      }
      return seen === undefined ? "it is no plain decimal" : compare(seen, "==", wanted);
    }
    case "text":
      return equalText(node.text, node.unsure, value, format);
    default:
      return false;
  }
}

const DAY = /^\d{4}-\d\d-\d\d$/;

function equalText(
  text: string,
  unsure: string | undefined,
  value: Scalar,
  format: Format,
): boolean | string {
  if (typeof value === "string") {
    if (text === value) return true;
    // Two days in one spelling are two days.
    if (unsure !== undefined) return DAY.test(text) && DAY.test(value) ? false : unsure;
    const plain = (one: string): string => one.replaceAll("\r\n", "\n").normalize("NFC");
    return plain(text) === plain(value) ? "it differs in line ends or Unicode form only" : false;
  }
  // An .env file holds texts only, so a number there is that text.
  if (text === String(value)) return format === "env" ? true : "it is a text that reads so";
  // YAML 1.1 readers take `no` for false.
  const odd =
    format === "yaml" && typeof value === "boolean" && /^(?:y|n|yes|no|on|off)$/i.test(text);
  if (odd) return "YAML 1.1 reads that as true or false";
  // `1_000`, `12:30:45`: numbers of YAML 1.1.
  const counted = format === "yaml" && typeof value === "number" && /^[+-]?\d[\d_:.]*$/.test(text);
  return counted ? "YAML 1.1 reads that as a number" : (unsure ?? false);
}

function contains(node: Node, value: Scalar, format: Format): boolean | string {
  if (node.is === "list") {
    const answers = node.items.map((item) => equal(item, value, format));
    if (answers.includes(true)) return true;
    return answers.find((one) => typeof one === "string") ?? false;
  }
  if (node.is === "map")
    return typeof value === "string" && node.entries.has(value)
      ? true
      : "a map: claim the key by its pointer";
  if (node.is !== "text" || typeof value !== "string") return "it holds no parts";
  if (value === "") return "an empty text is in every text";
  return node.text.includes(value) || (node.unsure ?? false);
}

export const pointedTypes: readonly ClaimType[] = [dataPath, dataAbsent];
