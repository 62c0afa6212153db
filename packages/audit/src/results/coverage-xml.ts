/**
 * Coverage as XML: Cobertura (istanbul, coverage.py, gcovr, coverlet) and JaCoCo. Their document types are
 * allowed and never followed; one with entities of its own is refused, and so is what was cut off.
 */
import { SaxesParser } from "saxes";
import { type Counted, counted, type Metric } from "./coverage-share.ts";

type Attributes = Readonly<Record<string, unknown>>;

/** `<coverage lines-covered lines-valid line-rate branches-covered branches-valid>` */
export function coberturaShare(text: string, metric: Metric): Counted | undefined {
  const [covered, valid, rate] =
    metric === "lines"
      ? ["lines-covered", "lines-valid", "line-rate"]
      : metric === "branches"
        ? ["branches-covered", "branches-valid", "branch-rate"]
        : [];
  if (covered === undefined || valid === undefined || rate === undefined) return undefined;
  let share: Counted | undefined;
  const whole = walk(text, "coverage", (depth, _tag, attributes) => {
    if (depth === 0) share = agrees(sharedOut(attributes, covered, valid), attributes[rate]);
  });
  return whole ? share : undefined;
}

/** `<report>…<counter type="LINE" missed="1" covered="9"/></report>`: those of the report itself. */
export function jacocoShare(text: string, metric: Metric): Counted | undefined {
  const type = { lines: "LINE", branches: "BRANCH", functions: "METHOD", statements: undefined }[
    metric
  ];
  let share: Counted | undefined;
  const whole = walk(text, "report", (depth, tag, attributes) => {
    if (depth !== 1 || tag !== "counter" || attributes["type"] !== type) return;
    const [missed, covered] = ["missed", "covered"].map((key) => wholeNumber(attributes[key]));
    share = counted(covered, (missed ?? Number.NaN) + (covered ?? 0));
  });
  return whole && type !== undefined ? share : undefined;
}

function sharedOut(attributes: Attributes, covered: string, valid: string): Counted | undefined {
  return counted(wholeNumber(attributes[covered]), wholeNumber(attributes[valid]));
}

/** A rate is rounded; one that is a whole percent off is of other counts. */
function agrees(share: Counted | undefined, rate: unknown): Counted | undefined {
  if (share === undefined || share.all === 0n || rate === undefined) return share;
  const said = Number(rate);
  const own = Number(share.covered) / Number(share.all);
  return Math.abs(said - own) <= 0.01 ? share : undefined;
}

function wholeNumber(value: unknown): number | undefined {
  return /^\d{1,12}$/.test(String(value)) ? Number(value) : undefined;
}

/** True where the document is well-formed to its end, and of that root. */
function walk(
  text: string,
  root: string,
  open: (depth: number, tag: string, attributes: Attributes) => void,
): boolean {
  let depth = 0;
  let bad = false;
  const parser = new SaxesParser();
  parser.on("error", () => {
    bad = true;
  });
  parser.on("doctype", (doctype) => {
    bad ||= doctype.includes("[");
  });
  parser.on("opentag", ({ name, attributes }) => {
    if (depth === 0 && name !== root) bad = true;
    else if (!bad) open(depth, name, attributes);
    depth += 1;
  });
  parser.on("closetag", () => {
    depth -= 1;
  });
  for (let from = 0; from < text.length && !bad; from += 65_536)
    parser.write(text.slice(from, from + 65_536));
  if (!bad) parser.close();
  return !bad;
}
