import { expect, test } from "vitest";
import { didYouMean } from "../../src/rules/did-you-mean.ts";

const directives = [
  "ProtectHome",
  "ProtectHostname",
  "PrivateTmp",
  "PrivateUsers",
  "NoNewPrivileges",
  "User",
];

test.each([
  ["protecthome", "ProtectHome"],
  ["ProtectHoem", "ProtectHome"],
  ["PrivateTemp", "PrivateTmp"],
  ["NoNewPriviliges", "NoNewPrivileges"],
  ["PrivateUser", "PrivateUsers"],
  ["Usre", "User"],
  ["Nice", undefined],
  ["", undefined],
  ["ProtectHome", undefined],
])("%s → %s", (word, meant) => {
  expect(didYouMean(word, directives)).toBe(meant);
});

test("a word of hostile length is not compared", () => {
  expect(didYouMean("x".repeat(100_000), ["x".repeat(100_001)])).toBeUndefined();
});
