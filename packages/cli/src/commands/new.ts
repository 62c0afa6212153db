/** `wingman new "title"`: writes the next instruction with what can be known filled in, or converts one. */
import type { Stats } from "node:fs";
import { access, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { listRefs, treeAt } from "@wingman/git";
import {
  type Conversion,
  convertInstruction,
  fault,
  INSTRUCTIONS_DIR,
  MAX_INSTRUCTION_BYTES,
  scaffoldInstruction,
  visible,
} from "@wingman/model";
import { EXIT, type Io } from "../io.ts";
import { workTreeOf } from "../open-run.ts";
import { openPlace, type Place } from "../place.ts";
import { writeWhole } from "../whole-file.ts";

/** Scaffolds an instruction; its REQUIRED markers fail the check until a person replaces them. */
export async function newInstruction(
  title: string,
  options: { readonly worker?: string; readonly environment?: string; readonly from?: string },
  io: Io,
): Promise<number> {
  if ((title.trim() === "" && options.from === undefined) || /[\r\n]/.test(title))
    return fault("an instruction needs a title of one line", {
      code: "usage/title",
      hint: 'wingman new "Rotate the signing keys every 30 days"',
    });
  const environment = options.environment ?? "test";
  if (environment !== "dev" && environment !== "test" && environment !== "prd")
    return fault(`there is no environment ${JSON.stringify(environment)}`, {
      code: "usage/environment",
      hint: "dev, test or prd",
    });
  const place = await openPlace(io, { surface: "local" });
  try {
    const folder = join(workTreeOf(place.repo), ...INSTRUCTIONS_DIR.split("/"));
    const id = `INS-${String((await highestId(place, folder)) + 1).padStart(4, "0")}`;
    const path = join(folder, `${id}.md`);
    await refuseExisting(path);
    const fields = {
      id,
      environment,
      ...(options.worker === undefined ? {} : { worker: options.worker }),
    } as const;
    const old =
      options.from === undefined
        ? undefined
        : await converted(resolve(io.cwd, options.from), { ...fields, title });
    const words = old?.text ?? scaffoldInstruction({ ...fields, title });
    // Not before: a refused call leaves nothing behind.
    await mkdir(folder, { recursive: true });
    await writeWhole(path, words, { fresh: true });
    io.out(
      `${INSTRUCTIONS_DIR}/${id}.md\n${old === undefined ? "" : toldOf(old)}` +
        `next: ${old?.missing.length === 0 ? "" : "replace every REQUIRED, then "}wingman check ${INSTRUCTIONS_DIR}/${id}.md\n`,
    );
    return EXIT.ok;
  } finally {
    await place.repo.close();
  }
}

type Fields = Parameters<typeof convertInstruction>[1];

/** Reads an order that was written elsewhere. Faults, at its line, on what nobody could convert. */
async function converted(
  path: string,
  { title, ...fields }: Omit<Fields, "name">,
): Promise<Conversion> {
  if (/[\\/]\.wingman[\\/]instructions[\\/]INS-\d+\.(?:md|yaml)$/.test(path))
    return fault(`${JSON.stringify(path)} is an instruction already`, {
      code: "usage/from",
      hint: "wingman check says what it lacks; wingman check --fix mends what has one right answer",
    });
  const found = await stat(path).catch(() => undefined);
  const wrong = unfit(found);
  if (wrong !== undefined)
    return fault(`${JSON.stringify(path)} ${wrong}`, {
      code: "usage/from",
      hint: "name the order's Markdown or YAML file: wingman new --from docs/order.md",
    });
  const named = title === undefined || title === "" ? {} : { title };
  const old = convertInstruction(await readFile(path), {
    ...fields,
    ...named,
    name: basename(path),
  });
  if (old.ok) return old.value;
  const [first] = old.problems;
  return fault(`${JSON.stringify(path)}:${first?.line ?? 1}: ${first?.message ?? "unreadable"}`, {
    code: "usage/from",
    hint: first?.help ?? 'mend it there, or begin anew: wingman new "title"',
  });
}

/** Why it is no order to read, or undefined. */
function unfit(found: Stats | undefined): string | undefined {
  if (found === undefined) return "does not exist";
  if (found.isDirectory()) return "is a folder; one call converts one file";
  if (!found.isFile()) return "is no regular file";
  const { size } = found;
  return size > MAX_INSTRUCTION_BYTES
    ? `has ${size} bytes; an order has at most ${MAX_INSTRUCTION_BYTES}`
    : undefined;
}

/** What was found, at its lines in the old file, and what lacks. */
function toldOf({ title, found, missing }: Conversion): string {
  const points = found.map(({ name, line }) => `${name} (line ${line})`).join(", ");
  return (
    `title: ${visible(title)}\n` +
    `found: ${points === "" ? "none of the ten points" : points}\n` +
    (missing.length === 0 ? "" : `REQUIRED: ${missing.join(", ")}\n`)
  );
}

/** The highest number on disk and on any branch: two branches that take one id conflict in git. */
async function highestId(place: Place, folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => [] as string[]);
  for (const ref of await listRefs(place.repo, "refs/")) {
    if (!/^refs\/(heads|remotes)\//.test(ref.name) || ref.symref !== undefined) continue;
    const tree = await treeAt(place.repo, ref.oid);
    for (const entry of await tree.entries(INSTRUCTIONS_DIR))
      names.push(entry.path.slice(INSTRUCTIONS_DIR.length + 1));
  }
  return Math.max(0, ...names.map((name) => Number(/^INS-(\d{1,9})\b/.exec(name)?.[1] ?? 0)));
}

async function refuseExisting(path: string): Promise<void> {
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (there)
    fault(`${path} exists already`, { code: "usage/exists", hint: "run wingman new once more" });
}
