import { expect, test } from "vitest";
import { hardenText } from "../harden/harden-text.ts";

const script = (content: string) => ({ content, mode: 0o755 });
const files = {
  "/var/lib/dpkg/info/bakery.list":
    "/usr/lib/systemd/system/bakery.service\n/usr/sbin/oven\n/usr/sbin/bakery-mixer\n/usr/lib/bakery/oven-functions\n/usr/lib/python3/dist-packages/bakery/heat.py\n",
  "/usr/sbin/bakery-mixer": "x".repeat(3_000_000),
};
const unit = "[Service]\nExecStart=/usr/sbin/oven\n";
const netAdmin = /CapabilityBoundingSet=.*CAP_NET_ADMIN/;
const lines = (more: Parameters<typeof hardenText>[1]) => hardenText(unit, more).lines.join("\n");

test("a script's modules from its package count, whatever imports them", () => {
  const oven = script("#!/usr/bin/python3\nfrom bakery import heat\nheat.start()\n");
  const heat = "subprocess.run(['nft', 'list', 'ruleset'])\n";
  const path = "/usr/lib/python3/dist-packages/bakery/heat.py";
  expect(lines({ files: { ...files, "/usr/sbin/oven": oven, [path]: heat } })).toMatch(netAdmin);
  expect(lines({ files: { ...files, "/usr/sbin/oven": oven, [path]: "print('heat')" } })).not.toMatch(
    netAdmin,
  );
});

test("so does what a shell script sources from a folder in a variable, and programs too large to be scripts do not", () => {
  const oven = script('#!/bin/sh\n. "$LIB/oven-functions"\nstart\nexec bakery-mixer\n');
  const path = "/usr/lib/bakery/oven-functions";
  expect(
    lines({ files: { ...files, "/usr/sbin/oven": oven, [path]: "start() { nft list ruleset; }\n" } }),
  ).toMatch(netAdmin);
  expect(lines({ files: { ...files, "/usr/sbin/oven": oven, [path]: "start() { :; }\n" } })).not.toMatch(
    netAdmin,
  );
});
