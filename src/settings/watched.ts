import type { SettingLookup } from "./settings.ts";

/**
 * The values as they are, noting each directive that is asked for: a judgement that is made again on values that are the
 * same for these directives comes out the same, whatever the others are.
 */
export function watched(values: SettingLookup, asked: Set<string>): SettingLookup {
  return {
    get(directive) {
      asked.add(directive);
      return values.get(directive);
    },
  };
}
