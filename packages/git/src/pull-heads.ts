/**
 * The heads of pull requests that a landing may have come from. A forge keeps each as a ref that nobody
 * can push to; which one was meant is told by content alone, so fetching too many only costs time.
 */
import { isFault } from "@wingman/model";
import { fetchSound } from "./fetch-sound.ts";
import { callGit } from "./git-process.ts";
import type { Environment } from "./repo.ts";

/** The newest that are looked at besides those that are named: a rebase names none. */
const NEWEST = 20;
const NAMED = 20;

/** Fetches heads into a store; gives their ids. A remote that has none, or hides them, gives none. */
export async function fetchPullHeads(store: {
  readonly folder: string;
  readonly env: Environment;
  /** Numbers that the event or a message names. */
  readonly named: readonly number[];
}): Promise<string[]> {
  const call = { cwd: store.folder, env: store.env };
  const listed = await callGit(["ls-remote", "--quiet", "origin", "refs/pull/*/head"], call);
  if (listed.code !== 0) return [];
  const heads = new Map<number, string>();
  for (const line of listed.stdout.toString("latin1").split("\n")) {
    const match = /^([0-9a-f]{40}|[0-9a-f]{64})\trefs\/pull\/(\d{1,9})\/head$/.exec(line);
    if (match?.[1] !== undefined) heads.set(Number(match[2]), match[1]);
  }
  const newest = [...heads.keys()].sort((a, b) => b - a).slice(0, NEWEST);
  const wanted = [...new Set([...store.named.slice(0, NAMED), ...newest])].filter((one) =>
    heads.has(one),
  );
  if (wanted.length === 0) return [];
  const specOf = (one: number): string => `+refs/pull/${one}/head:refs/wingman/pull/${one}`;
  try {
    const left = new Set(await fetchSound(store, wanted.map(specOf)));
    return wanted.filter((one) => !left.has(specOf(one))).flatMap((one) => heads.get(one) ?? []);
  } catch (error) {
    if (isFault(error)) return [];
    throw error;
  }
}
