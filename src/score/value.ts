// Readings of a setting's value that more than one check wants.
import type { SettingValue } from "../settings/settings.ts";
import { wordsOf } from "../settings/words-of.ts";

export { wordsOf };

/** The value as one word or text: booleans are `yes` and `no`, a mask four octal digits, a list its words. */
export function textOf(value: SettingValue): string {
  switch (value.kind) {
    case "boolean":
      return value.value ? "yes" : "no";
    case "word":
    case "text":
      return value.value;
    case "number":
      return value.value.toString(8).padStart(4, "0");
    case "delegate":
      return value.on ? "yes" : "no";
    default:
      return wordsOf(value).join(" ");
  }
}

/** Whether there is nothing in a list, a set or a text. A boolean, a number and a delegation always hold something. */
export function isEmptyValue(value: SettingValue): boolean {
  switch (value.kind) {
    case "boolean":
    case "number":
    case "delegate":
      return false;
    case "capabilities":
      return value.mask === 0n;
    case "syscalls":
      return value.names.size === 0;
    case "addresses":
      return value.prefixes.length === 0;
    default:
      return wordsOf(value).length === 0;
  }
}

/** The capabilities of a set as bits; none where it is no set of capabilities. */
export function maskOf(value: SettingValue | undefined): bigint {
  return value?.kind === "capabilities" ? value.mask : 0n;
}

export function numberOf(value: SettingValue | undefined): number | undefined {
  return value?.kind === "number" ? value.value : undefined;
}
