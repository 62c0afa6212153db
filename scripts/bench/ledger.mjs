/** The ledger at 1,000 and 100,000 records (1,000,000 with --large): verify, append, and a hook beside it. */
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { interleaved, line, timed } from "./timing.mjs";
import * as worlds from "./worlds.mjs";

const { env, git } = worlds;
const MAKER = join(worlds.root, "scripts/bench/ledger-world.mjs");

export async function benchLedger({ rounds, large }) {
  const rooms = await worlds.rooms();
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const key = privateKey.export({ type: "pkcs8", format: "pem" });
  const auditor = publicKey
    .export({ type: "spki", format: "der" })
    .subarray(-32)
    .toString("base64");
  for (const size of large ? [1000, 100_000, 1_000_000] : [1000, 100_000]) {
    const folder = worlds.newFolder();
    git(folder, ["init", "-q", "--initial-branch=main"]);
    const signer = rooms.generateSshKey(worlds.MARK.email);
    worlds.importFiles(folder, "main", { ...worlds.lawFiles(signer), ...worlds.sourceFiles(100) });
    // In a process of its own: starting git from one that holds a million records takes 50 ms, not 6.
    timed(process.execPath, [MAKER, folder, String(size), auditor], { env, input: key });
    git(folder, ["reset", "-q", "--hard"]);
    git(folder, ["rm", "-q", "src/d0/f1.ts"]);
    const some = size > 1000 ? Math.min(3, rounds) : rounds;
    const node = (args, codes) => timed(process.execPath, args, { cwd: folder, env, codes });
    const { least, verify, hook } = await interleaved(some, {
      least: () =>
        node(["-e", "0"]) +
        timed("git", ["archive", "-o", "/dev/null", "wingman-ledger"], { cwd: folder, env }),
      verify: () => node([worlds.program, "ledger", "verify"], [0, 3]),
      hook: () => node([worlds.program, "hook", "pre-commit"]),
    });
    const floorIs = "node -e 0 and git archive";
    const goal = size === 1_000_000 ? "15 s" : undefined;
    line(`ledger verify, ${size} records`, { ms: verify, floor: least, floorIs, goal });
    line(`pre-commit beside ${size} records`, { ms: hook, floor: least, floorIs });
    const repo = await rooms.openRepo({ cwd: folder, env });
    const draft = { kind: "canary", point: "bench", outcome: "fired" };
    // As a clone appends, which keeps nothing, and as a server does, which keeps the tip beside its key.
    const beside = worlds.newFolder();
    writeFileSync(join(beside, "auditor.key"), key);
    const add = (more) => () =>
      rooms.appendToLedger(repo, { key, now: new Date(), message: "bench", ...more }, () => [
        draft,
      ]);
    const { append, read, update } = await interleaved(some, {
      update: () => timed("git", ["update-ref", "refs/heads/other", "main"], { cwd: folder, env }),
      append: async (round) => {
        // The clone's append has moved the branch: the tip is made for it outside the clock.
        await rooms.openTip(repo, beside);
        const started = performance.now();
        await add({ folder: beside })(round);
        return performance.now() - started;
      },
      ...(size > 100_000 ? {} : { read: add({}) }),
    });
    if (read !== undefined) line(`ledger append in a clone, ${size} records`, { ms: read });
    line(`ledger append on the server, ${size} records`, {
      ms: append,
      floor: update,
      floorIs: "git update-ref",
      goal: "50 ms",
    });
    await repo.close();
  }
}
