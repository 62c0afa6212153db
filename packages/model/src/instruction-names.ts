/**
 * The ten points' names as people write them. Only spellings that cannot mean anything else count:
 * an alias too many would let a heading that says something else stand for a point.
 */
import type { PointName } from "./instruction.ts";

/** Spellings in the form that {@link foldLabel} gives. One list, whatever the document's style. */
const NAMES: Readonly<Record<PointName, readonly string[]>> = {
  deliverables: ["deliverables", "deliverable"],
  success_criteria: ["success criteria", "success criterion"],
  boundaries: ["boundaries", "boundary"],
  dependencies: ["dependencies", "dependency"],
  mitigation: ["mitigation", "mitigations", "mitigation plan", "mitigation strategy"],
  test_process: ["test process", "testing process"],
  test_results_format: ["test results format", "test result format"],
  resource_requirements: [
    "resource requirements",
    "resource requirement",
    "resources required",
    "required resources",
  ],
  risk_assessment: ["risk assessment", "risks assessment"],
  quality_metrics: ["quality metrics", "quality metric"],
};

const BY_LABEL = new Map<string, PointName>(
  (Object.keys(NAMES) as PointName[]).flatMap((name) => NAMES[name].map((label) => [label, name])),
);

/** Longer than any spelling with its number, emoji and remark: what is longer is prose. */
const MAX_LABEL = 80;
/** Characters that show nothing: a name with one inside still reads as the name. */
// A function: classes of characters need tables of ICU, whose loading a hook without such text is spared.
const invisible = (): RegExp =>
  /[\p{Cf}\p{Cc}\p{Variation_Selector}\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]/gu;

/** A label found at the start of a line. */
export interface Label {
  readonly name: PointName;
  /** What stands behind it on the same line. */
  readonly rest: string;
  /** How it is set off from prose; decides where it may stand. */
  readonly style: "bold" | "caps" | "plain";
}

/** The point that a heading's text names (`3. **BOUNDARIES** (what may change): only src`), or undefined. */
export function headingLabel(text: string): Label | undefined {
  const trimmed = withoutNumber(text.trim());
  const whole = trimmed.length <= MAX_LABEL ? pointOf(trimmed) : undefined;
  if (whole !== undefined) return { name: whole, rest: "", style: "bold" };
  const cut = /^(.{1,80}?)(?:\s*[:：]\s*|\s+[-–—]\s+)([^]*)$/u.exec(trimmed);
  const name = pointOf(cut?.[1] ?? "");
  return name === undefined ? undefined : { name, rest: unwrapTail(cut?.[2] ?? ""), style: "bold" };
}

/**
 * The point that a line of a paragraph or list item begins with: `**MITIGATION**` alone,
 * `**Mitigation:** text`, `RISK_ASSESSMENT: text`, `BOUNDARIES — text`. Undefined for prose.
 */
export function lineLabel(text: string): Label | undefined {
  const line = withoutNumber(text.trim());
  const bold = /^(\*{1,3}|_{1,3})(?=\S)([^*]{1,80}?)\1(?!\w)\s*([^]*)$/u.exec(line);
  if (bold !== null) {
    const inner = bold[2] ?? "";
    const after = bold[3] ?? "";
    const name = pointOf(inner.replace(/[:：.–—-]+\s*$/u, ""));
    const set = after === "" || /[:：–—-]\s*$/u.test(inner) || /^[:：–—-]/u.test(after);
    if (name !== undefined && set) {
      return { name, rest: after.replace(/^[:：–—-]+\s*/u, ""), style: "bold" };
    }
  }
  const plain =
    /^([\p{L}_][\p{L}_ -]{4,40}?)\s*(?:\([^()]{0,40}\)\s*)?([:：]|\s[-–—]\s)\s*([^]*)$/u.exec(line);
  const name = pointOf(plain?.[1] ?? "");
  if (plain === null || name === undefined) return undefined;
  const caps = (plain[1] ?? "").toUpperCase() === plain[1];
  // `Boundaries - dependencies - mitigation` is prose; a dash sets off only what is shouted.
  if (!caps && !/[:：]/u.test(plain[2] ?? "")) return undefined;
  return { name, rest: plain[3] ?? "", style: caps ? "caps" : "plain" };
}

/** The point of a whole label, or undefined. */
function pointOf(label: string): PointName | undefined {
  if (label.length > MAX_LABEL) return undefined;
  return (
    BY_LABEL.get(foldLabel(label)) ??
    BY_LABEL.get(foldLabel(label.replace(/[([][^()[\]]*[)\]]/gu, "")))
  );
}

/** One spelling: NFKC, lower case, letters only, words apart by one space. */
export function foldLabel(text: string): string {
  const plain = text.normalize("NFKC").replace(invisible(), "").toLowerCase();
  return plain.replace(/[^\p{L}]+/gu, " ").trim();
}

/** Cuts `3.`, `3)`, `(3)`, `#3`, `Point 3:`, emoji and bullets in front, also inside emphasis. */
function withoutNumber(text: string): string {
  const head = text.slice(0, 40);
  const mark =
    /^(?:[\p{So}\p{Sk}\p{Cf}\ufe0f\u20e3✓✔☑•·▪►→]|\d(?=\ufe0f?\u20e3)|\s)*(?:(?:point|section|step)\s+)?[(#]?\s*\d{0,2}(?:\s*(?:of|\/)\s*10)?\s*(?:[.):–—-](?=[\s*_\p{L}])|\s)\s*(?:[\p{So}\ufe0f]|\s)*/iu.exec(
      head,
    );
  const cut = mark?.[0].length ?? 0;
  return cut > 0 && /\d|[\p{So}•·▪►→✓✔☑]/u.test(head.slice(0, cut)) ? text.slice(cut) : text;
}

function unwrapTail(text: string): string {
  return text.trim().replace(/^[*_]+\s*/u, "");
}
