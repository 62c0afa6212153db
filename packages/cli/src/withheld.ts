/**
 * The last look at what is about to be said or recorded: a frame, a message or an observation quotes
 * the judged side, and what it quotes may be a secret. Where the scanner sees one, the text is
 * withheld; place and code still tell where to look.
 */
import { scanBytes } from "@wingman/gate";
import type { Finding, Verdict } from "@wingman/model";

const WITHHELD = "(withheld: it looks like a secret)";

/** The text, or that it is withheld. */
export async function withoutSecret(text: string): Promise<string> {
  return (await holdsSecret(text)) ? WITHHELD : text;
}

/** Findings whose quotes hold no secret. */
export async function findingsWithoutSecrets(findings: readonly Finding[]): Promise<Finding[]> {
  // Nearly always there is nothing: one scan of everything says so.
  if (!(await holdsSecret(findings.map(quotesOf).join("\n")))) return [...findings];
  return await Promise.all(findings.map(findingWithoutSecret));
}

/** Verdicts whose expected and observed hold no secret. */
export async function verdictsWithoutSecrets(verdicts: readonly Verdict[]): Promise<Verdict[]> {
  const all = verdicts.map((one) => `${one.expected}\n${one.observed}\n${one.claim.type}`);
  if (!(await holdsSecret(all.join("\n")))) return [...verdicts];
  return await Promise.all(
    verdicts.map(async (one) => ({
      ...one,
      claim: { ...one.claim, type: await withoutSecret(one.claim.type) },
      expected: await withoutSecret(one.expected),
      observed: await withoutSecret(one.observed),
    })),
  );
}

function quotesOf(finding: Finding): string {
  const { message, path, frame, why, help } = finding;
  return [message, path, frame, why, help].filter((text) => text !== undefined).join("\n");
}

async function findingWithoutSecret(finding: Finding): Promise<Finding> {
  if (!(await holdsSecret(quotesOf(finding)))) return finding;
  const { frame: _frame, help: _help, path, message, ...rest } = finding;
  return {
    ...rest,
    message: await withoutSecret(message),
    ...(path === undefined || (await holdsSecret(path)) ? {} : { path }),
  };
}

async function holdsSecret(text: string): Promise<boolean> {
  if (text === "") return false;
  const hits = await scanBytes(Buffer.from(text, "utf8"));
  // A word behind a name is said of much that is none, of our own messages too.
  return hits.some(({ confidence }) => confidence !== "low");
}
