// The search, on a service that is only told of: it fails as long as a drop-in holds something that it cannot bear.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Proposal } from "../../src/harden/proposal.ts";
import { type Atom, atomsOf } from "../../src/live/atoms.ts";
import { findWorking, type Search } from "../../src/live/find-working.ts";
import { isStricter } from "../../src/live/is-stricter.ts";
import { winBack } from "../../src/live/win-back.ts";
import { loadDirective } from "../../src/rules/directives.ts";
import { hardenText } from "../harden/harden-text.ts";
import { failed, works } from "./observations.ts";

const unit = "[Service]\nExecStart=/opt/bakery/oven\n";
const kindOf = (directive: string) => loadDirective(directive)?.kind;
const first = hardenText(unit, { level: "strict" }).proposal;
const atoms = atomsOf(first, kindOf);

/** Searches while the service cannot bear some atoms; `says` is what it writes when it fails. */
async function search(unbearable: ReadonlySet<string>, says: (atom: Atom) => string = () => "cannot go on") {
  const { input, trials } = searching(applied => {
    const guilty = applied.find(atom => unbearable.has(atom.key));
    return guilty === undefined ? undefined : says(guilty);
  });
  const found = await findWorking(input);
  if (found === undefined) throw new Error("ended without a result");
  return { ...found, trials: trials() };
}

/** A search on a service that fails as `failure` says of the atoms that are applied. */
function searching(failure: (applied: readonly Atom[]) => string | undefined) {
  const proposals = new Map<string, Proposal>();
  let trials = 0;
  const input: Search = {
    wanted: { level: "strict" },
    propose: options => {
      const { proposal } = hardenText(unit, options);
      proposals.set(proposal.dropIn, proposal);
      return proposal;
    },
    trial: async dropIn => {
      trials++;
      const proposal = proposals.get(dropIn);
      const said = proposal === undefined ? undefined : failure(atomsOf(proposal, kindOf));
      return said === undefined ? works : failed(said);
    },
    known: new Set(),
    onConcession: () => {},
  };
  return { input, trials: () => trials };
}

describe("finding what works", () => {
  it("takes one trial where all works", async () => {
    expect(await search(new Set())).toMatchObject({ trials: 1, concessions: [] });
  });

  it("ends without what the service cannot bear, and gives up nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray([...atoms], { minLength: 1, maxLength: 3 }), async guilty => {
        const keys = new Set(guilty.map(atom => atom.key));
        const { proposal, concessions, trials } = await search(keys);
        expect(atomsOf(proposal, kindOf).filter(atom => keys.has(atom.key))).toEqual([]);
        for (const { directives } of concessions)
          expect(guilty.map(atom => atom.directive)).toContain(directives[0]);
        expect(concessions.length).toBeLessThanOrEqual(guilty.length);
        expect(trials).toBeLessThanOrEqual(1 + guilty.length * 16);
      }),
      { numRuns: 12 },
    );
  }, 120_000);

  it("takes few trials where the service says what it misses", async () => {
    const said = new Map([
      ["cap:CAP_NET_BIND_SERVICE", "bind() to 0.0.0.0:80 failed (13: Permission denied)"],
      ["MemoryDenyWriteExecute=yes", "failed to map segment from shared object: mprotect"],
      ["family:AF_NETLINK", "getifaddrs: Address family not supported by protocol"],
    ]);
    for (const [what, line] of said) {
      const guilty = atoms.find(atom => (atom.denied ?? atom.key) === what);
      if (guilty === undefined) continue;
      const { concessions, trials } = await search(new Set([guilty.key]), () => line);
      expect(concessions.map(each => each.what)).toEqual([what]);
      expect(trials).toBeLessThanOrEqual(6);
    }
  });

  it("gives a weaker value where the strictest fails", async () => {
    const { proposal } = await search(new Set(["ProtectSystem=strict"]));
    expect(proposal.dropIn).toMatch(/ProtectSystem=full/);
  });
});

describe("winning back", () => {
  const members = atoms.filter(atom => atom.kind !== "rest");

  it("leaves given up only what fails beside all that stays", async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray([...members], { minLength: 2, maxLength: 4 }), async guilty => {
        // Each is borne alone, and none beside the last.
        const last = guilty.at(-1)?.key;
        const { input, trials } = searching(applied => {
          const keys = new Set(applied.map(atom => atom.key));
          const isBorne =
            last === undefined ||
            !keys.has(last) ||
            guilty.every(({ key }) => key === last || !keys.has(key));
          return isBorne ? undefined : "cannot go on";
        });
        const found = await findWorking(input);
        if (found === undefined) throw new Error("ended without a result");
        const before = trials();
        const better = await winBack(found, input);
        expect(trials() - before).toBeLessThanOrEqual(Math.max(0, found.concessions.length - 1));
        expect((await input.trial(better.proposal.dropIn)).kind).toBe("works");
        for (const concession of better.concessions) {
          const bolder = input.propose({
            level: "strict",
            givenUp: better.concessions.filter(each => each !== concession).map(each => each.givenUp),
          });
          if (isStricter(bolder, better.proposal))
            expect((await input.trial(bolder.dropIn)).kind).toBe("broken");
        }
      }),
      { numRuns: 10 },
    );
  }, 120_000);
});
