/**
 * The ten points in their typed form: front matter or a YAML file. Reads what the machine can
 * enforce out of each, keeps every word with its position, and refuses keys it does not know.
 */
import type { Point, PointName } from "./instruction.ts";
import { POINTS } from "./instruction.ts";
import { EXAMPLES } from "./instruction-scaffold.ts";
import { plainText, visibleText } from "./plain-text.ts";
import type { ClaimText, RiskLevel } from "./policy.ts";
import type { Problem } from "./problem.ts";
import type { YamlDoc } from "./yaml.ts";

type Path = readonly (string | number)[];
type Fields = Readonly<Record<string, unknown>>;

/** What typed points give besides their words. */
export interface TypedPoints {
  readonly points: Partial<Record<PointName, Point>>;
  readonly claims: ClaimText[];
  boundaries?: { readonly allow: readonly string[]; readonly deny: readonly string[] };
  risk?: RiskLevel;
  readonly problems: Problem[];
}

export const RESULT_FORMATS = ["junit", "tap", "json", "text"] as const;
export const RISK_LEVELS = ["low", "medium", "high", "critical"] as const;
export const INSTRUCTION_ID = /^INS-\d{1,9}$/;
/** `==` as claims write it. */
const OPERATORS = ["<", "<=", "=", "==", "!=", ">=", ">"];
const CLAIM_TYPE = /^[a-z][a-zA-Z0-9_-]*(?:\.[a-z][a-zA-Z0-9_-]*)+$/;
const MAX_ITEMS = 1000;

/** Reads every point that stands as a key of the document. Never throws. */
export function typedPoints(doc: YamlDoc, fields: Fields): TypedPoints {
  const read = new PointReader(doc);
  for (const name of POINTS) {
    if (Object.hasOwn(fields, name)) read.point(name, fields[name]);
  }
  return read.found;
}

class PointReader {
  readonly found: TypedPoints = { points: {}, claims: [], problems: [] };
  readonly #doc: YamlDoc;

  constructor(doc: YamlDoc) {
    this.#doc = doc;
  }

  point(name: PointName, value: unknown): void {
    const texts: { text: string; line: number; column: number }[] = [];
    const say = (text: string, path: Path): void => {
      if (visibleText(text).trim() !== "") texts.push({ text, ...this.#doc.at(path) });
    };
    const typed = this.#shape(name, value, say);
    const place = this.#doc.keyAt([name]);
    this.found.points[name] = { name, ...place, texts, value, typed, doc: this.#doc };
  }

  /** Reads one point's value by its kind; true where it is typed. */
  #shape(name: PointName, value: unknown, say: (text: string, path: Path) => void): boolean {
    if (value === null) return false;
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
      say(String(value), [name]);
      return this.#scalar(name, String(value));
    }
    if (Array.isArray(value)) return this.#list(name, value, say);
    return this.#map(name, value as Fields, say);
  }

  #scalar(name: PointName, text: string): boolean {
    const risk = name === "risk_assessment" ? riskIn(text) : undefined;
    if (risk !== undefined) this.found.risk = risk;
    return (
      name === "test_results_format" &&
      (RESULT_FORMATS as readonly string[]).includes(text.toLowerCase())
    );
  }

  #list(
    name: PointName,
    items: readonly unknown[],
    say: (text: string, path: Path) => void,
  ): boolean {
    if (items.length > MAX_ITEMS)
      this.#refuse("format/too-many", `${name} has more than ${MAX_ITEMS} items`, [name]);
    let typed = items.length > 0;
    for (const [index, item] of items.slice(0, MAX_ITEMS).entries()) {
      const path = [name, index];
      if (typeof item === "object" && item !== null && !Array.isArray(item)) {
        typed = this.#item(name, item as Fields, path, say) && typed;
      } else if (Array.isArray(item)) {
        this.#refuse(
          "format/shape",
          `an item of ${name} is a list`,
          path,
          "write each item as one sentence",
        );
      } else if (item !== null) {
        say(String(item), path);
        typed = typed && name === "test_process" && /^[\w.-]+$/.test(String(item));
      }
    }
    return typed;
  }

  /** One map in a list: a claim, a metric, or a dependency of a kind. */
  #item(
    name: PointName,
    item: Fields,
    path: Path,
    say: (text: string, path: Path) => void,
  ): boolean {
    if (name === "deliverables" || name === "success_criteria")
      return this.#claim(name, item, path, say);
    if (name === "quality_metrics") {
      this.#keys(name, item, ["name", "op", "value"], path);
      if (!["name", "op", "value"].every((key) => Object.hasOwn(item, key))) {
        this.#refuse("format/missing-key", "a metric has name, op and value", path, METRIC);
      } else if (!OPERATORS.includes(String(item["op"]))) {
        this.#refuse(
          "format/value",
          `op is one of ${OPERATORS.join(" ")}`,
          [...path, "op"],
          METRIC,
        );
      }
      say(words(item), path);
      return true;
    }
    // `- Step: text` without quotes is a map to YAML.
    this.#refuse(
      "format/shape",
      `an item of ${name} is a sentence`,
      path,
      "quote a sentence that has a colon",
    );
    return false;
  }

  #claim(
    name: PointName,
    item: Fields,
    path: Path,
    say: (text: string, path: Path) => void,
  ): boolean {
    const [type, ...others] = Object.keys(item);
    // `{}` are the args of a type that needs none: `diff.claimed: {}`.
    const args = type === undefined ? undefined : item[type];
    const plain = typeof args === "object" && args !== null && !Array.isArray(args);
    if (type === undefined || others.length > 0 || !CLAIM_TYPE.test(type) || !plain) {
      this.#refuse(
        "format/claim",
        `an item of ${name} is a sentence or one claim with its args`,
        path,
        CLAIM,
      );
      return false;
    }
    this.found.claims.push({ type, args: args as Fields });
    say(`${type} ${words(args as Fields)}`, path);
    return true;
  }

  #map(name: PointName, fields: Fields, say: (text: string, path: Path) => void): boolean {
    const each = (): void => {
      for (const [key, value] of Object.entries(fields)) {
        if (value !== null) say(words(value), [name, key]);
      }
    };
    switch (name) {
      case "boundaries":
        return this.#boundaries(fields, say);
      case "dependencies":
        this.#keys(name, fields, ["none"], [name]);
        this.#required(name, fields, "none");
        each();
        return true;
      case "test_results_format":
        this.#keys(name, fields, ["format", "path"], [name]);
        this.#oneOf(name, "format", fields["format"], RESULT_FORMATS);
        each();
        return true;
      case "resource_requirements":
        this.#keys(name, fields, RESOURCES, [name]);
        for (const key of RESOURCES) this.#required(name, fields, key);
        each();
        return true;
      case "risk_assessment": {
        this.#keys(name, fields, ["level", "why"], [name]);
        const level = fields["level"];
        if (this.#oneOf(name, "level", level, RISK_LEVELS)) this.found.risk = level as RiskLevel;
        this.#required(name, fields, "why");
        if (typeof fields["why"] === "string") say(fields["why"], [name, "why"]);
        return true;
      }
      default:
        this.#refuse(
          "format/shape",
          `${name} is a sentence or a list`,
          [name],
          "write `- ` in front of each item",
        );
        return false;
    }
  }

  #boundaries(fields: Fields, say: (text: string, path: Path) => void): boolean {
    this.#keys("boundaries", fields, ["allow", "deny"], ["boundaries"]);
    const globs = (key: "allow" | "deny"): string[] => {
      const value = fields[key];
      if (value === undefined || value === null) return [];
      if (!Array.isArray(value) || !value.every((one) => typeof one === "string")) {
        this.#refuse(
          "format/shape",
          `boundaries.${key} is a list of globs`,
          ["boundaries", key],
          GLOBS,
        );
        return [];
      }
      for (const [index, glob] of value.slice(0, MAX_ITEMS).entries()) {
        const path = ["boundaries", key, index];
        if (key === "allow") say(glob, path);
        const trimmed = glob.trim();
        // "" and a comment are no pattern to gitignore; a negation would turn allow into deny.
        if (trimmed === "" || trimmed !== glob || /^[!#]/.test(glob) || glob.length > 1000) {
          this.#refuse(
            "format/glob",
            `${JSON.stringify(glob.slice(0, 80))} is no glob`,
            path,
            GLOBS,
          );
        }
      }
      return value;
    };
    this.#required("boundaries", fields, "allow");
    const allow = globs("allow");
    this.found.boundaries = { allow, deny: globs("deny") };
    return true;
  }

  #required(name: PointName, fields: Fields, key: string): void {
    if (fields[key] !== undefined && fields[key] !== null) return;
    this.#refuse("format/missing-key", `${name} has no ${key}`, [name], EXAMPLES[name]);
  }

  #oneOf(name: PointName, key: string, value: unknown, allowed: readonly string[]): boolean {
    if (typeof value === "string" && allowed.includes(value)) return true;
    const absent = value === undefined || value === null;
    const message = `${name}.${key} is one of ${allowed.join(", ")}`;
    this.#refuse(
      absent ? "format/missing-key" : "format/value",
      message,
      [name, key],
      `${key}: ${allowed[1]}`,
    );
    return false;
  }

  #keys(name: PointName, fields: Fields, known: readonly string[], path: Path): void {
    for (const key of Object.keys(fields)) {
      if (known.includes(key)) continue;
      const message = `${name} knows no key ${JSON.stringify(key.slice(0, 60))}`;
      this.found.problems.push({
        code: "format/unknown-key",
        message,
        ...this.#doc.keyAt([...path, key]),
        help: `known keys: ${known.join(", ")}`,
      });
    }
  }

  #refuse(code: string, message: string, path: Path, help?: string): void {
    const problem = { code, message, ...this.#doc.at(path) };
    this.found.problems.push(help === undefined ? problem : { ...problem, help });
  }
}

const RESOURCES = ["time", "compute", "access", "cost"];
const CLAIM = "- file.exists: {path: src/rotate.mjs}";
const METRIC = '- {name: coverage.lines, op: ">=", value: 90}';
const GLOBS = 'allow: ["src/keys/**"]';

/** Every leaf's text, in order, apart by spaces. */
function words(value: unknown): string {
  if (Array.isArray(value)) return value.map(words).join(" ");
  if (typeof value === "object" && value !== null) return Object.values(value).map(words).join(" ");
  return value === null || value === undefined ? "" : String(value);
}

/** The instruction ids that a sentence names. */
export function idsIn(text: string): string[] {
  return [...new Set(text.match(/\bINS-\d{1,9}\b/g) ?? [])];
}

/** The level that a sentence begins with (`Medium: a wrong expiry …`), or undefined. */
export function riskIn(text: string): RiskLevel | undefined {
  const start = plainText(text.slice(0, 200));
  const match =
    /^(?:(?:overall )?risk(?: level)?|level)?\s*[:=–—-]?\s*(low|medium|high|critical)\b(?!-)/i.exec(
      start,
    );
  return match?.[1]?.toLowerCase() as RiskLevel | undefined;
}
