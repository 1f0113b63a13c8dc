import type { Knowledge } from "../needs/judge-denial.ts";
import type { Directive } from "../rules/directives.ts";
import type { MemberKind } from "./choose-members.ts";

/** The list kinds of `rules/schema/directive.schema.json`, and how each is read and written. */
export const MEMBER_KINDS: Partial<Readonly<Record<Directive["kind"], MemberKind>>> = {
  capabilities: {
    allowed(setting, { facts }) {
      const mask = setting?.value.kind === "capabilities" ? setting.value.mask : -1n;
      return facts.words.capabilities.filter((_, number) => (mask >> BigInt(number)) & 1n);
    },
    // An assignment merges with those before it unless the set is still the default; an empty one empties it in every version.
    write: (directive, allowed, setting) => [
      ...(setting?.isSet || allowed.length === 0 ? [`${directive}=`] : []),
      ...(allowed.length > 0 ? [`${directive}=${allowed.join(" ")}`] : []),
    ],
  },
  families: {
    unnamed: "AF_MAX",
    allowed(setting, { knowledge }) {
      const families = familiesOf(knowledge);
      if (setting?.value.kind !== "families") return families;
      const listed = new Set(setting.value.names);
      return setting.value.mode === "allow"
        ? setting.value.names
        : families.filter(name => !listed.has(name));
    },
    write: (directive, allowed, setting) => [
      ...(setting?.isSet && allowed.length > 0 ? [`${directive}=`] : []),
      `${directive}=${allowed.length === 0 ? "none" : allowed.join(" ")}`,
    ],
  },
  namespaces: {
    allowed(setting, { facts }) {
      return setting?.value.kind === "namespaces" ? setting.value.allowed : facts.words.namespaces;
    },
    write: (directive, allowed, setting) => [
      ...(setting?.isSet && allowed.length > 0 ? [`${directive}=`] : []),
      `${directive}=${allowed.length === 0 ? "yes" : allowed.join(" ")}`,
    ],
  },
};

/** Every address family that the vocabulary has a prior for, and those that a need names; a need of any family names none. */
function familiesOf({ vocabulary, needs }: Knowledge): readonly string[] {
  const priors = vocabulary.kinds.find(kind => kind.kind === "family")?.priors ?? {};
  const needed = needs.present.flatMap(need =>
    need.kind === "family" && need.subject !== undefined && need.subject !== "*" ? [need.subject] : [],
  );
  return [...new Set([...Object.keys(priors), ...needed])].sort();
}
