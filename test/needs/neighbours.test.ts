// What stands in other units and holds for this one.
import { describe, expect, it } from "vitest";
import { hardenText } from "../harden/harden-text.ts";

describe("a unit whose namespaces another joins", () => {
  const unit = "[Service]\nUser=baker\nPrivateTmp=yes\nExecStart=/opt/bakery/oven\n";
  const files = {
    "/etc/passwd": "root:x:0:0::/root:/bin/sh\nbaker:x:950:950::/srv/bakery:/bin/false\n",
    "/opt/bakery/oven": { content: "#!/usr/bin/python3\nprint('rye')\n", mode: 0o755 },
  };
  const folder = "/etc/systemd/system";
  const tmpBeside = (others: Readonly<Record<string, string>>) =>
    hardenText(unit, { level: "strict", files: { ...files, ...others } }).lines.filter(line =>
      line.startsWith("PrivateTmp="),
    );

  it("keeps the /tmp that both share", () => {
    expect(tmpBeside({})).toEqual(["PrivateTmp=disconnected"]);
    expect(
      tmpBeside({ [`${folder}/till.service`]: "[Unit]\nJoinsNamespaceOf=mill.service bakery.service\n" }),
    ).toEqual([]);
  });

  it("is joined by a line of a drop-in too", () => {
    expect(
      tmpBeside({ [`${folder}/till.service.d/join.conf`]: "[Unit]\nJoinsNamespaceOf=bakery.service\n" }),
    ).toEqual([]);
  });

  it("is not joined by what systemd does not read, nor by whoever joins another", () => {
    const others = {
      [`${folder}/till.service.d/join.off`]: "[Unit]\nJoinsNamespaceOf=bakery.service\n",
      [`${folder}/mill.service`]:
        "# JoinsNamespaceOf=bakery.service\n[Unit]\nJoinsNamespaceOf=till.service\n[Service]\nJoinsNamespaceOf=bakery.service\n",
    };
    expect(tmpBeside(others)).toEqual(["PrivateTmp=disconnected"]);
  });

  it("is joined once by whoever says so without end", () => {
    const names = "bakery.service ".repeat(60_000);
    expect(tmpBeside({ [`${folder}/till.service`]: `[Unit]\nJoinsNamespaceOf=${names}\n` })).toEqual([]);
  });

  it("is looked at beside files of others that cannot be read", () => {
    expect(tmpBeside({ [`${folder}/huge.service`]: "#".repeat(2 << 20) })).toEqual([
      "PrivateTmp=disconnected",
    ]);
  });
});
