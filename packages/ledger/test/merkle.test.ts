import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  consistencyProof,
  EMPTY_ROOT,
  Frontier,
  inclusionProof,
  leafHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from "../src/index.ts";

// The published vectors of certificate-transparency's Merkle tree tests (merkletree/…/test data).
const INPUTS = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
];
const ROOTS = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const leaves = INPUTS.map((hex) => leafHash(Buffer.from(hex, "hex")));
const hexes = (proof: readonly Buffer[]) => proof.map((hash) => hash.toString("hex"));

describe("published vectors", () => {
  it("roots", () => {
    expect(EMPTY_ROOT).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (const [at, root] of ROOTS.entries()) expect(rootOf(leaves.slice(0, at + 1))).toBe(root);
  });
  it("inclusion paths", () => {
    expect(hexes(inclusionProof(leaves, 0))).toEqual([
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]);
    expect(hexes(inclusionProof(leaves.slice(0, 3), 2))).toEqual([ROOTS[1]]);
  });
  it("consistency", () => {
    expect(hexes(consistencyProof(leaves.slice(0, 2), 1))).toEqual([
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    ]);
    expect(hexes(consistencyProof(leaves, 4))).toEqual([
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]);
  });
});

const lists = fc.array(fc.uint8Array({ maxLength: 6 }), { minLength: 1, maxLength: 70 });

describe("for every list", () => {
  it("a frontier gives the root of RFC 6962's own recursion", () => {
    const recursive = (from: number, to: number, all: readonly Buffer[]): string => {
      if (to - from === 1) return (all[from] as Buffer).toString("hex");
      let power = 1;
      while (power * 2 < to - from) power *= 2;
      const left = Buffer.from(recursive(from, from + power, all), "hex");
      const right = Buffer.from(recursive(from + power, to, all), "hex");
      const frontier = new Frontier(2, []);
      frontier.size = 1;
      frontier.hashes.push(left);
      frontier.append(right);
      return frontier.root();
    };
    fc.assert(
      fc.property(lists, (list) => {
        const all = list.map(leafHash);
        expect(rootOf(all)).toBe(recursive(0, all.length, all));
      }),
    );
  });
  it("inclusion proofs hold, and only for their leaf, index and root", () => {
    fc.assert(
      fc.property(lists, fc.nat(), fc.nat(), (list, pick, other) => {
        const all = list.map(leafHash);
        const index = pick % all.length;
        const leaf = all[index] as Buffer;
        const proof = inclusionProof(all, index);
        const root = rootOf(all);
        const size = all.length;
        expect(verifyInclusion({ leaf, index, size, proof, root })).toBe(true);
        expect(
          verifyInclusion({ leaf: leafHash(Buffer.from("another")), index, size, proof, root }),
        ).toBe(false);
        expect(verifyInclusion({ leaf, index, size, proof: [...proof, leaf], root })).toBe(false);
        expect(verifyInclusion({ leaf, index, size, proof, root: EMPTY_ROOT })).toBe(false);
        const at = other % all.length;
        if (!leaf.equals(all[at] as Buffer))
          expect(verifyInclusion({ leaf, index: at, size, proof, root })).toBe(false);
      }),
    );
  });
  it("consistency proofs hold, and only between their roots", () => {
    fc.assert(
      fc.property(lists, fc.nat(), (list, pick) => {
        const all = list.map(leafHash);
        const first = 1 + (pick % all.length);
        const second = all.length;
        const proof = consistencyProof(all, first);
        const firstRoot = rootOf(all.slice(0, first));
        const secondRoot = rootOf(all);
        expect(verifyConsistency({ first, second, firstRoot, secondRoot, proof })).toBe(true);
        expect(verifyConsistency({ first, second, firstRoot: EMPTY_ROOT, secondRoot, proof })).toBe(
          false,
        );
        expect(verifyConsistency({ first, second, firstRoot, secondRoot: EMPTY_ROOT, proof })).toBe(
          false,
        );
        expect(
          verifyConsistency({
            first,
            second,
            firstRoot,
            secondRoot,
            proof: [...proof, leafHash(Buffer.of(1))],
          }),
        ).toBe(false);
      }),
    );
  });
  it("proofs from strangers never throw", () => {
    fc.assert(
      fc.property(
        fc.double(),
        fc.double(),
        fc.array(fc.uint8Array({ maxLength: 40 })),
        fc.string(),
        (a, b, proof, text) => {
          const steps = proof.map((one) => Buffer.from(one));
          const leaf = Buffer.alloc(32);
          expect(verifyInclusion({ leaf, index: a, size: b, proof: steps, root: text })).toBe(
            false,
          );
          if (a !== b)
            expect(
              verifyConsistency({
                first: a,
                second: b,
                firstRoot: text,
                secondRoot: text,
                proof: steps,
              }),
            ).toBe(false);
        },
      ),
    );
  });
});
