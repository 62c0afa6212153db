/**
 * `wingman doctor`: proves each enforcement point of where it is run with a canary that never lands. It
 * calls nothing installed that it did not see fire, and says what cannot be proven from here.
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { configGet, resolve } from "@wingman/git";
import type { CanaryDraft } from "@wingman/ledger";
import { visible } from "@wingman/model";
import { makeCanaryPlace } from "../doctor/canary-place.ts";
import { CLONE_CANARIES } from "../doctor/clone-canaries.ts";
import type { Proof } from "../doctor/proof.ts";
import { keyStands, postReceiveSeen, provePreReceive } from "../doctor/server-canaries.ts";
import {
  channelProofs,
  elsewhere,
  hookHelps,
  notesOf,
  programProof,
} from "../doctor/surroundings.ts";
import { followedRemote } from "../followed-remote.ts";
import { EXIT, type Io } from "../io.ts";
import { appendToLedger } from "../ledger-branch.ts";
import { auditorKey, openPlace, type WholePlace } from "../place.ts";

/** Exit 0 where all is proven, 1 where something should have fired and did not, 3 where some is unproven. */
export async function doctor(options: { readonly format?: string }, io: Io): Promise<number> {
  const place = await openPlace(io, { surface: "local" });
  try {
    const proofs = place.repo.bare ? await serverProofs(place, io) : await cloneProofs(place, io);
    const notes = await notesOf(place, io);
    if (place.broken !== undefined)
      proofs.unshift({ point: "policy", outcome: "silent", says: place.broken });
    const where = place.repo.bare ? "server" : "clone";
    io.out(
      options.format === "json"
        ? `${JSON.stringify({ schemaVersion: 1, where, proofs, notes }, undefined, 2)}\n`
        : doctorText(where, proofs, notes),
    );
    if (proofs.some((one) => one.outcome === "silent")) return EXIT.findings;
    return proofs.some((one) => one.outcome === "unproven") ? EXIT.unverifiable : EXIT.ok;
  } finally {
    await place.repo.close();
  }
}

async function cloneProofs(place: WholePlace, io: Io): Promise<Proof[]> {
  const { repo } = place;
  const proofs = [await programProof(repo, io)];
  const ground = { repo, branch: place.policyBranch, helpOf: await hookHelps(repo) };
  const canaries = await makeCanaryPlace(repo, io);
  try {
    for (const { prove } of CLONE_CANARIES) proofs.push(await prove(canaries, ground));
  } finally {
    await canaries.close();
  }
  proofs.push(...(await elsewhere(repo, await followedRemote(repo))));
  proofs.push(...channelProofs(place.trusted.policy, place.ledger.records));
  return proofs;
}

async function serverProofs(place: WholePlace, io: Io): Promise<Proof[]> {
  const { repo } = place;
  const proofs = [await programProof(repo, io)];
  const pusher = (await configGet(repo, "wingman.pusher")) || "WINGMAN_PUSHER";
  const canaries = await makeCanaryPlace(repo, io);
  try {
    proofs.push(await provePreReceive(canaries, repo, pusher));
  } finally {
    await canaries.close();
  }
  const tip = await resolve(repo, `refs/heads/${place.policyBranch}`);
  proofs.push(postReceiveSeen(place, tip));
  proofs.push((await keyStands(repo)) ?? (await recorded(place, io, proofs)));
  proofs.push(...channelProofs(place.trusted.policy, place.ledger.records));
  return proofs;
}

/** Appends a canary record for each point that a canary was for: that proves key and ledger as well. */
async function recorded(place: WholePlace, io: Io, proofs: readonly Proof[]): Promise<Proof> {
  const point = "ledger and auditor's key";
  const mode = (await stat(join(place.folder, "auditor.key"))).mode & 0o777;
  if ((mode & 0o077) !== 0)
    return {
      point,
      outcome: "silent",
      says: `auditor.key may be read by others (mode ${mode.toString(8)})`,
      help: `chmod 600 ${join(place.folder, "auditor.key")}, and take the key for known if others have an account here`,
    };
  if (place.ledger.state.size === 0)
    return { point, outcome: "unproven", says: "no ledger yet: it begins with the first policy" };
  const drafts: CanaryDraft[] = proofs
    .filter((one) => one.point === "pre-receive")
    .map((one) => ({ kind: "canary", point: one.point, outcome: one.outcome }));
  const after = await appendToLedger(
    place.repo,
    {
      key: await auditorKey(place, undefined),
      now: io.now(),
      message: "doctor",
      folder: place.folder,
    },
    () => drafts,
  );
  return {
    point,
    outcome: "fires",
    says: `verified, and appended to: ${after?.state.size ?? 0} records`,
  };
}

const MARKS = { fires: "ok     ", silent: "SILENT ", unproven: "unknown" } as const;

function doctorText(where: string, proofs: readonly Proof[], notes: readonly string[]): string {
  const width = Math.max(...proofs.map((one) => one.point.length));
  const lines = [`wingman doctor: this ${where}, each point asked by a canary that never lands`];
  for (const { point, outcome, says, help } of proofs) {
    lines.push(`  ${MARKS[outcome]}  ${point.padEnd(width)}  ${visible(says)}`);
    if (help !== undefined && outcome !== "fires") lines.push(`           help: ${visible(help)}`);
  }
  for (const note of notes) lines.push(`  ! ${visible(note)}`);
  const silent = proofs.filter((one) => one.outcome === "silent").length;
  const unknown = proofs.filter((one) => one.outcome === "unproven").length;
  const fired = proofs.length - silent - unknown;
  lines.push(`${fired} proven, ${silent} silent, ${unknown} not to be proven from here`);
  return `${lines.join("\n")}\n`;
}
