/** What of a manifest decides how tests run, and what is only a dependency more. */
import { placesLeft } from "./changed-lines.ts";
import type { TouchedFile } from "./tamper-checks.ts";

const SECTION = /^\s*\[{1,2}\s*([^\]]+?)\s*\]/;
const DEPENDENCIES =
  /^(?:project|(?:[\w.'"()=]+\.)?(?:[\w-]+-)?dependenc(?:ies|y-groups)(?:\.[\w-]+)*)$/;

/** True where all that a TOML manifest changed stands in its sections of what is depended on. */
export function onlyDependencies({ path, before, after }: TouchedFile): boolean {
  if (!path.endsWith(".toml") || before === undefined || after === undefined) return false;
  const all = (of: readonly string[], than: readonly string[]): boolean =>
    placesLeft(of, than).every((at) => {
      if ((of[at] ?? "").trim() === "") return true;
      const head = of.slice(0, at + 1).findLast((line) => SECTION.test(line)) ?? "";
      return DEPENDENCIES.test(SECTION.exec(head)?.[1] ?? "");
    });
  return all(after, before) && all(before, after);
}

/** What of a manifest decides how tests run. */
const DECIDING = [
  "scripts",
  "jest",
  "vitest",
  "mocha",
  "ava",
  "c8",
  "nyc",
  "tap",
  "type",
  "babel",
  "eslintConfig",
  "packageManager",
  "engines",
  "imports",
];

/** npm runs these unasked. */
const UNASKED = /^(?:(?:pre|post)?(?:install|prepare|test|pack)|prepublish(?:Only)?|dependencies)$/;

/** Changed scripts that may run: what stood there, or comes around what did. A new `dev` runs nowhere. */
function scriptsThatRun(old: unknown, now: unknown, command: readonly string[]): boolean {
  const [was, is] = [old, now].map((one) =>
    typeof one === "object" && one !== null ? (one as Readonly<Record<string, unknown>>) : {},
  );
  const words = new Set(command.flatMap((word) => word.split(/[^\w:.-]+/)));
  const names = Object.keys({ ...was, ...is }).filter((name) => was?.[name] !== is?.[name]);
  return names.some((name) => {
    const around = name.replace(/^(?:pre|post)/, "");
    return [name, around].some(
      (one) =>
        (was !== undefined && Object.hasOwn(was, one)) || UNASKED.test(one) || words.has(one),
    );
  });
}

/** Lines for people: what of a `package.json` was changed that may change how its tests run. */
export function manifestChanges(
  name: string,
  before: readonly string[] | undefined,
  after: readonly string[] | undefined,
  command: readonly string[],
): string[] {
  if (before === undefined) return [];
  const [old, now] = [record(before), record(after)];
  if (old === undefined || now === undefined) return [`${name} can no longer be read`];
  return DECIDING.filter((key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]))
    .filter((key) => key !== "scripts" || scriptsThatRun(old[key], now[key], command))
    .map((key) => `${name}: the run changed ${key}`);
}

function record(
  lines: readonly string[] | undefined,
): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse((lines ?? []).join("\n"));
    return typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
