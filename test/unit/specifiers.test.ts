import { describe, expect, test } from "vitest";
import { expandSpecifiers, type SpecifierContext } from "../../src/unit/specifiers.ts";

const plain: SpecifierContext = {
  unit: "oven-north.service",
  scope: "system",
  systemd: 257,
  fragmentPath: "/etc/systemd/system/oven-north.service",
};
const instance: SpecifierContext = { unit: "bread-rye@dark-\\x2d1.service", scope: "system", systemd: 257 };
const user: SpecifierContext = {
  unit: "oven.service",
  scope: "user",
  systemd: 257,
  host: { h: "/home/baker", U: "1000", u: "baker" },
};

describe("specifiers", () => {
  test.each([
    ["%n %N %p %P %j %J", plain, "oven-north.service oven-north oven-north oven/north north north"],
    [
      "%n %N %p %i %I",
      instance,
      "bread-rye@dark-\\x2d1.service bread-rye@dark-\\x2d1 bread-rye dark-\\x2d1 dark/-1",
    ],
    ["%f", instance, "/dark/-1"],
    ["%f", plain, "/oven/north"],
    ["[%i]", plain, "[]"],
    ["%y %Y", plain, "/etc/systemd/system/oven-north.service /etc/systemd/system"],
    [
      "%C %E %L %S %t %T %V %d",
      plain,
      "/var/cache /etc /var/log /var/lib /run /tmp /var/tmp /run/credentials/oven-north.service",
    ],
    [
      "%C %E %S %t %u",
      user,
      "/home/baker/.cache /home/baker/.config /home/baker/.local/state /run/user/1000 baker",
    ],
    ["%D", user, "/home/baker/.local/share"],
    ["%c %r [%R]", plain, "/system.slice/oven-north.service /system.slice []"],
    ["100%% 5% %/ %", plain, "100% 5% %/ %"],
    ["no specifier", plain, "no specifier"],
  ] as const)("%j of %o", (text, context, expected) => {
    expect(expandSpecifiers(text, context)).toEqual({ kind: "text", text: expected });
  });

  test.each(["k", "1", "Z", "O"])("%%%s is not known", letter => {
    expect(expandSpecifiers(`a%${letter}b`, plain)).toEqual({ kind: "unknown", specifier: letter });
  });

  test("%D is known from 255 on", () => {
    expect(expandSpecifiers("%D", { ...plain, systemd: 254 })).toEqual({ kind: "unknown", specifier: "D" });
    expect(expandSpecifiers("%D", { ...plain, systemd: 255 })).toEqual({ kind: "text", text: "/usr/share" });
  });

  test("an instance with a broken escape cannot be unescaped", () => {
    expect(expandSpecifiers("%I", { unit: "bread@a\\b.service", scope: "system", systemd: 257 })).toEqual({
      kind: "unknown",
      specifier: "I",
    });
  });

  test("values of the host come from the context, and hold no specifiers themselves", () => {
    expect(expandSpecifiers("%H %m", { ...plain, host: { H: "%i" } })).toEqual({
      kind: "text",
      text: "%i 0a0b0c0d0e0f00000000000000000000",
    });
  });
});
