/** `ledger-world.mjs FOLDER SIZE AUDITOR`, the key on standard input: fills a repository's ledger branch. */
import { readFileSync } from "node:fs";
import * as worlds from "./worlds.mjs";

const BATCH = 500;
const [folder, size, auditor] = process.argv.slice(2);
const key = readFileSync(0, "utf8");
const { planOnHead, emptyHead } = await worlds.rooms();
worlds.importFiles(folder, "wingman-ledger", ledgerFiles({ key, auditor, size: Number(size) }));

/** The branch's files: push records in signed batches. */
function ledgerFiles({ key, auditor, size }) {
  const now = new Date("2026-11-22T09:00:00.000Z");
  const policy = `sha256:${"0".repeat(64)}`;
  const files = {};
  let head = emptyHead;
  while (head.size < size) {
    const drafts =
      head.size === 0 ? [{ kind: "genesis", origin: "acme/shop", auditor, policy }] : [];
    for (let at = 0; at < Math.min(BATCH, size - head.size); at += 1) {
      const id = (head.size + at).toString(16).padStart(40, "0");
      const ref = `refs/heads/topic-${(head.size + at) % 5000}`;
      const fields = {
        old: "0".repeat(40),
        new: id,
        pusher: worlds.MARK.email,
        policy,
        revision: 1,
      };
      drafts.push({ kind: "push", ref, ...fields, outcome: "accepted", findings: {} });
    }
    const plan = planOnHead(head, drafts, { key, now });
    for (const [path, bytes] of plan.files) files[path] = bytes;
    head = plan.head;
  }
  return files;
}
