/**
 * secretlint's recommended rules, in process, loaded only when a text is worth it. Its filter for
 * `secretlint-disable` comments is left out: a worker could write one beside its secret.
 */
import type { SecretLintRuleContext, SecretLintSourceCode } from "@secretlint/types";
import type { Confidence } from "./confidence.ts";
import { isFiller } from "./filler.ts";
import type { RuleName, TextHit } from "./hit.ts";
import { isPlaceholder } from "./value-kind.ts";

/** Characters that are handed over at once. Some of its patterns cost the square of their text. */
const SEGMENT = 8192;
/** Longer than any token that its rules know (a PEM body is our own row's matter). */
const OVERLAP = 1600;

/**
 * Left out of the preset: the comment filter (an attack), two rules whose patterns cost the square of
 * hostile input (`xoxb-xoxb-…`, PEM bodies), and AWS, whose published example keys it takes for real
 * ones. Rows of our own replace all three.
 */
const LEFT_OUT = /filter-comments$|rule-slack$|rule-privatekey$|rule-aws$/;

/** What is kept of a rule's report. */
interface Report {
  readonly ruleId: string;
  readonly messageId: string;
  readonly range: readonly number[];
}

interface Loaded {
  lint(text: string): Promise<readonly Report[]>;
}

let loading: Promise<Loaded> | undefined;

/**
 * What secretlint finds around the places where its keywords stand: where and of what kind. Nothing
 * else of its result leaves.
 */
export async function secretlintHits(text: string, places: readonly number[]): Promise<TextHit[]> {
  loading ??= load();
  const { lint } = await loading;
  const hits = new Map<string, TextHit>();
  for (const [start, end] of segmentsOf(places, text.length)) {
    for (const message of await lint(text.slice(start, end))) {
      const [from = 0, to = from] = message.range;
      const secret = text.slice(start + from, start + to);
      const confidence = weigh(message.ruleId, secret);
      if (confidence === undefined) continue;
      const rule = ruleOf(message);
      const hit = { rule, confidence, index: start + from, length: to - from, secret };
      hits.set(`${hit.index}:${rule.id}`, hit);
    }
  }
  return [...hits.values()];
}

/** Stretches around the places, each no longer than a segment, overlapping where they are cut. */
function segmentsOf(places: readonly number[], length: number): [number, number][] {
  const segments: [number, number][] = [];
  let [from, to] = [0, 0];
  const close = (): void => {
    for (let start = from; start < to; start += SEGMENT - OVERLAP) {
      segments.push([start, Math.min(to, start + SEGMENT)]);
      if (start + SEGMENT >= to) break;
    }
  };
  for (const place of [...places].sort((a, b) => a - b)) {
    if (place - OVERLAP > to) {
      close();
      from = place - OVERLAP;
    }
    to = Math.min(length, place + OVERLAP);
  }
  close();
  return segments;
}

function ruleOf({ ruleId, messageId }: Report): RuleName {
  const name = ruleId.replace(/^.*secretlint-rule-/, "");
  const kind = KINDS[messageId] ?? name;
  return { id: `secretlint-${name}`, kind, harm: "high", family: "secretlint" };
}

const KINDS: Readonly<Record<string, string>> = {
  AWSAccessKeyID: "AWS access key id",
  AWSSecretAccessKey: "AWS secret access key",
  AWSAccountID: "AWS account id",
  GITHUB_TOKEN: "GitHub token",
  NPM_ACCESS_TOKEN: "npm token",
  BasicAuth: "password in a URL",
};

/** Connection strings and account ids are often examples: only suspected. */
function weigh(ruleId: string, matched: string): Confidence | undefined {
  if (/basicauth|database-connection-string/.test(ruleId)) {
    const password = /:\/\/[^:@/\s]*:([^@\s]*)@/.exec(matched)?.[1] ?? "";
    return password === "" || isPlaceholder(password) ? undefined : "medium";
  }
  if (/^\D*\d{4}-?\d{4}-?\d{4}\D*$/.test(matched)) return "low";
  return isFiller(matched) ? undefined : "high";
}

/**
 * Drives the rules themselves, as secretlint's own core does (a rule is a function of a source, given
 * a context to report to). The core is walked around for two measured reasons: its profiler keeps
 * every mark of every file for ever (438 MB on 7,000 files; clearing them breaks it), and its result
 * holds `sourceContent`, the raw file with the secret.
 */
async function load(): Promise<Loaded> {
  const preset = await import("@secretlint/secretlint-rule-preset-recommend");
  const rules = preset.rules.filter((rule) => !LEFT_OUT.test(rule.meta.id));
  return {
    lint: async (content) => {
      const found: Report[] = [];
      for (const rule of rules) {
        const ruleId = rule.meta.id;
        const reporting = rule.create(contextFor(ruleId, found), OPTIONS);
        await reporting.file?.(sourceOf(content));
      }
      return found;
    },
  };
}

/** `enableIDScanRule`: AWS access key ids are off by default there. */
const OPTIONS = { enableIDScanRule: true, allows: [] };

function contextFor(ruleId: string, found: Report[]): SecretLintRuleContext {
  return {
    sharedOptions: {},
    // Texts and data hold the secret: only the message's id is kept.
    createTranslator: () => (messageId) => ({
      message: "",
      messageId: String(messageId),
      data: undefined as never,
    }),
    // A rule that wants to ignore something has no say here.
    ignore: () => undefined,
    report: ({ message, range }) => found.push({ ruleId, messageId: message.messageId, range }),
  };
}

function sourceOf(content: string): SecretLintSourceCode {
  const nowhere = { line: 1, column: 0 };
  return {
    content,
    filePath: "text",
    physicalFilePath: undefined,
    hasBOM: false,
    getFilePath: () => "text",
    getPhysicalFilePath: () => undefined,
    ext: "",
    contentType: "text",
    indexToPosition: () => nowhere,
    positionToIndex: () => 0,
    rangeToLocation: () => ({ start: nowhere, end: nowhere }),
    locationToRange: () => [0, 0],
  };
}
