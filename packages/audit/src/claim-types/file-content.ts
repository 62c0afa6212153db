/**
 * `file.sha256`, `file.size`, `file.lines`: the committed bytes of a file at P, counted. Bytes are bytes;
 * where a checkout would show other ones (CRLF), a miss is AMBIGUOUS, not FALSE.
 */
import { quotePath } from "@wingman/model";
import { spend } from "../budget.ts";
import { countBytes, sha256OfChunks } from "../byte-scan.ts";
import type { ClaimType } from "../claim-type.ts";
import { compare, countOf, saysNothing } from "../comparison.ts";
import { contentAt, tooMuch } from "../content.ts";
import { contradicts, holds, unverifiable } from "../observation.ts";
import { asCommitted, SECOND_LOOK } from "./as-committed.ts";
import { exactPath, placeOf } from "./file-standing.ts";

export const fileSha256: ClaimType = asCommitted("FALSE", {
  type: "file.sha256",
  title: "the committed bytes have this SHA-256",
  example: { type: "file.sha256", args: { path: "LICENSE", sha256: "0".repeat(64) } },
  args: { path: { kind: "path", required: true }, sha256: { kind: "sha256", required: true } },
  witness: "git",
  forgeable: false,
  covers: exactPath,
  judge: async (args, scene) => {
    const wanted = args.text("sha256") ?? "";
    const expected = `${quotePath(placeOf(args).path)} has SHA-256 ${wanted}`;
    const content = await contentAt(scene, placeOf(args), expected);
    if ("answer" in content) return content;
    const seen = await sha256OfChunks(content.chunks());
    const observed = `${content.size} bytes, SHA-256 ${seen}`;
    if (seen === wanted) return holds(expected, observed);
    if (!spend(scene.stage.budget, "bytes", content.size * SECOND_LOOK)) return tooMuch(expected);
    // A worker on Windows hashes its checkout, whose line ends `core.autocrlf` changed.
    const { nul, lf } = await countBytes(content.chunks());
    if (!nul && lf > 0)
      for (const form of ["lf", "crlf"] as const)
        if ((await sha256OfChunks(content.chunks(), form)) === wanted)
          return unverifiable(
            "AMBIGUOUS",
            expected,
            "that is the digest with other line ends; the committed bytes have another",
          );
    return contradicts(expected, observed);
  },
});

/** `file.size`: what the tree says, without reading; only a contradiction looks at line ends. */
export const fileSize: ClaimType = asCommitted("FALSE", {
  type: "file.size",
  title: "the committed file has this many bytes",
  example: { type: "file.size", args: { path: "LICENSE", op: ">", bytes: 0 } },
  args: {
    path: { kind: "path", required: true },
    op: { kind: "operator" },
    bytes: { kind: "count", required: true },
  },
  witness: "git",
  forgeable: false,
  covers: exactPath,
  judge: async (args, scene) => {
    const op = args.operator("op") ?? "==";
    const wanted = args.number("bytes") ?? countOf(0);
    const expected = `${quotePath(placeOf(args).path)} has ${op} ${wanted.text} bytes`;
    if (saysNothing(op, wanted)) return unverifiable("VACUOUS", expected, "no file could differ");
    const content = await contentAt(scene, placeOf(args), expected);
    if ("answer" in content) return content;
    const observed = `${content.size} bytes`;
    if (compare(countOf(content.size), op, wanted)) return holds(expected, observed);
    if (!spend(scene.stage.budget, "bytes", content.size)) return tooMuch(expected);
    const { lf, crlf, nul } = await countBytes(content.chunks());
    const other = [content.size - crlf, content.size - crlf + lf];
    if (!nul && other.some((size) => compare(countOf(size), op, wanted)))
      return unverifiable("AMBIGUOUS", expected, `${observed}; with other line ends it would fit`);
    return contradicts(expected, observed);
  },
});

export const fileLines: ClaimType = asCommitted("FALSE", {
  type: "file.lines",
  title: "the file has this many lines (a last line without line end counts)",
  example: { type: "file.lines", args: { path: "src/keys/rotate.mjs", op: ">=", lines: 20 } },
  args: {
    path: { kind: "path", required: true },
    op: { kind: "operator" },
    lines: { kind: "count", required: true },
  },
  witness: "git",
  forgeable: false,
  covers: exactPath,
  judge: async (args, scene) => {
    const op = args.operator("op") ?? "==";
    const wanted = args.number("lines") ?? countOf(0);
    const expected = `${quotePath(placeOf(args).path)} has ${op} ${wanted.text} lines`;
    if (saysNothing(op, wanted)) return unverifiable("VACUOUS", expected, "no file could differ");
    const content = await contentAt(scene, placeOf(args), expected);
    if ("answer" in content) return content;
    const { lf: ends, last, cr, crlf, nul } = await countBytes(content.chunks());
    const open = last !== undefined && last !== 10;
    const lines = ends + (open ? 1 : 0);
    const observed = `${lines} lines${open ? ", the last one without line end" : ""}`;
    if (compare(countOf(lines), op, wanted)) return holds(expected, observed);
    // `wc -l` counts line ends only; who used it did not lie.
    if (open && compare(countOf(ends), op, wanted))
      return unverifiable("AMBIGUOUS", expected, observed);
    // Editors show a lone CR as a line end, as old systems wrote it.
    const shown = ends + cr - crlf;
    const other = [shown, shown + (open && last !== 13 ? 1 : 0)];
    if (!nul && cr > crlf && other.some((count) => compare(countOf(count), op, wanted)))
      return unverifiable(
        "AMBIGUOUS",
        expected,
        `${observed}; lone carriage returns end lines too`,
      );
    return contradicts(expected, observed);
  },
});
