import type { ListOptions } from "../host/list-units.ts";
import { didYouMean } from "../rules/did-you-mean.ts";
import { unitTypes } from "../unit/unit-name.ts";
import { Failure } from "./failure.ts";

/**
 * The types of units that count where none is named. Services alone by default, as `systemd-analyze security` has it:
 * sockets, mounts and swaps run programs too, but few ever have a sandbox.
 * @throws {Failure} on a type that is none.
 */
export function listedTypes(typed: string | undefined): ListOptions {
  if (typed === undefined) return { types: ["service"] };
  const words = typed.split(/[\s,]+/).filter(word => word !== "");
  if (words.includes("all")) return {};
  return {
    types: words.map(word => {
      const type = unitTypes.find(each => each === word.replace(/^\./, ""));
      if (type !== undefined) return type;
      const meant = didYouMean(word, [...unitTypes, "all"]);
      const hint =
        meant === undefined ? `known are ${unitTypes.join(", ")} and all` : `did you mean ${meant}?`;
      throw new Failure(`--type knows no "${word}"; ${hint}`);
    }),
  };
}
