// The search, on a service that is only told of: it fails as long as a drop-in holds something that it cannot bear.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Proposal } from "../../src/harden/proposal.ts";
import { type Atom, atomsOf } from "../../src/live/atoms.ts";
import { findWorking, type Search } from "../../src/live/find-working.ts";
import type { Observation } from "../../src/live/observe.ts";
import { loadDirective } from "../../src/rules/directives.ts";
import { hardenText } from "../harden/harden-text.ts";

const unit = "[Service]\nExecStart=/opt/bakery/oven\n";
const kindOf = (directive: string) => loadDirective(directive)?.kind;
const first = hardenText(unit, { level: "strict" }).proposal;
const atoms = atomsOf(first, kindOf);

/** Searches while the service cannot bear some atoms; `says` is what it writes when it fails. */
async function search(unbearable: ReadonlySet<string>, says: (atom: Atom) => string = () => "cannot go on") {
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
      const guilty = proposal && atomsOf(proposal, kindOf).find(atom => unbearable.has(atom.key));
      return guilty === undefined ? { kind: "works", probeMs: 0, entries: [] } : failed(says(guilty));
    },
    known: new Set(),
    onConcession: () => {},
  };
  const found = await findWorking(input);
  if (found === undefined) throw new Error("ended without a result");
  return { ...found, trials };
}

function failed(message: string): Observation {
  return {
    kind: "broken",
    at: "start",
    reason: "failed",
    state: {
      id: "bakery.service",
      load: "loaded",
      active: "failed",
      sub: "failed",
      type: "simple",
      result: "exit-code",
      exit: { by: "exited", status: 1 },
      restarts: 0,
      mainPid: 0,
      isStartRefused: false,
      isStopRefused: false,
      triggeredBy: [],
      fragment: "",
      dropIns: [],
    },
    entries: [{ message, from: "service", time: 0 }],
    output: "",
  };
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
