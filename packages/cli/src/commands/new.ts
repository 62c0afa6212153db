/** `wingman new "title"`: writes the next instruction with what can be known filled in. */
import { access, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { listRefs, treeAt } from "@wingman/git";
import { fault, INSTRUCTIONS_DIR, scaffoldInstruction } from "@wingman/model";
import { EXIT, type Io } from "../io.ts";
import { workTreeOf } from "../open-run.ts";
import { openPlace, type Place } from "../place.ts";
import { writeWhole } from "../whole-file.ts";

/** Scaffolds an instruction; its REQUIRED markers fail the check until a person replaces them. */
export async function newInstruction(
  title: string,
  options: { readonly worker?: string; readonly environment?: string },
  io: Io,
): Promise<number> {
  if (title.trim() === "" || /[\r\n]/.test(title))
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
    await mkdir(folder, { recursive: true });
    await refuseExisting(path);
    const words = scaffoldInstruction({
      id,
      title,
      environment,
      ...(options.worker === undefined ? {} : { worker: options.worker }),
    });
    await writeWhole(path, words, { fresh: true });
    io.out(
      `${INSTRUCTIONS_DIR}/${id}.md\n` +
        `next: replace every REQUIRED, then wingman check ${INSTRUCTIONS_DIR}/${id}.md\n`,
    );
    return EXIT.ok;
  } finally {
    await place.repo.close();
  }
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
