import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ConfigReader } from "../../../src/needs/config/config-entry.ts";
import { readBlocks } from "../../../src/needs/config/read-blocks.ts";
import { readJson } from "../../../src/needs/config/read-json.ts";
import {
  readApache,
  readEquals,
  readIni,
  readRsyslog,
  readShell,
  readWords,
} from "../../../src/needs/config/read-lines.ts";
import { readXml } from "../../../src/needs/config/read-xml.ts";
import { readYaml } from "../../../src/needs/config/read-yaml.ts";

const plain = (reader: ConfigReader, text: string) =>
  reader(text).map(({ key, values, line }) => `${line} ${key}: ${values.join("|")}`);

describe("configuration readers", () => {
  test.each<[string, ConfigReader, string, readonly string[]]>([
    [
      "words: comments, quotes, continued lines",
      readWords,
      '# oven\nPort 2222\n  Banner "/etc/bread and butter" # why\n\nloaf one \\\n  two\n;off yes\n',
      ["2 Port: 2222", "3 Banner: /etc/bread and butter", "5 loaf: one|two"],
    ],
    [
      "apache: sections are keys, their ends are nothing",
      readApache,
      '<VirtualHost *:8080>\n  DocumentRoot "/srv/bread"\n</VirtualHost>\nUserDir disabled root\n',
      ["1 VirtualHost: *:8080", "2 DocumentRoot: /srv/bread", "4 UserDir: disabled|root"],
    ],
    [
      "equals: with and without a sign, folded lines, nested sections",
      readEquals,
      "listen_addresses = 'oven.test, 10.1.2.3'\nport 6543\nmydestination = oven.test,\n  crust.test\nconf-dir=/etc/loaf.d\nenable-tftp\nservice imap {\n  executable = /usr/lib/imap\n}\n!include conf.d/*.conf\n",
      [
        "1 listen_addresses: oven.test, 10.1.2.3",
        "2 port: 6543",
        "3 mydestination: oven.test,|crust.test",
        "5 conf-dir: /etc/loaf.d",
        "6 enable-tftp: ",
        "7 service: imap",
        "8 executable: /usr/lib/imap",
        "10 !include: conf.d/*.conf",
      ],
    ],
    [
      "ini: sections, keys alone, includes without a section",
      readIni,
      "[mysqld]\ndatadir = /srv/bread\nskip-name-resolve\n!includedir /etc/loaf.d/\n[www]\nphp_admin_value[error_log] = /var/log/crumbs ; note\n",
      [
        "2 mysqld.datadir: /srv/bread",
        "3 mysqld.skip-name-resolve: ",
        "4 !includedir: /etc/loaf.d/",
        "6 www.php_admin_value[error_log]: /var/log/crumbs",
      ],
    ],
    [
      "shell: assignments, the value's words, nothing else",
      readShell,
      'if true; then\n  export OVEN_OPTS="-l 10.1.2.3 -U 11"\nfi\nSUFFIX=\n',
      ["2 OVEN_OPTS: -l|10.1.2.3|-U|11", "4 SUFFIX: "],
    ],
    [
      "blocks: statements, quotes, comments of three kinds",
      readBlocks,
      'user baker; # why\nhttp {\n  server { listen 8443 ssl; root "/srv/a b"; }\n}\n// zone\n/* listen 1;\n */ zone "crust.test" { type primary; file "/var/lib/crust"; };\n',
      [
        "1 user: baker",
        "2 http: ",
        "3 server: ",
        "3 listen: 8443|ssl",
        "3 root: /srv/a b",
        "7 zone: crust.test",
        "7 type: primary",
        "7 file: /var/lib/crust",
      ],
    ],
    [
      "yaml: nested maps, lists, flow lists, block scalars, repeated keys",
      readYaml,
      'net:\n  port: 27117 # why\n  bindIp: "10.1.2.3"\nserver:\n  - identity: oven\n    listen: [ 0.0.0.0@53, "::@53" ]\n  - identity: crust\nnote: |\n  port: 1\npaths:\n- /srv/a\n- /srv/b\n',
      [
        "1 net: ",
        "2 net.port: 27117",
        "3 net.bindIp: 10.1.2.3",
        "4 server: ",
        "5 server.identity: oven",
        "6 server.listen: 0.0.0.0@53|::@53",
        "7 server.identity: crust",
        "8 note: ",
        "10 paths: ",
        "11 paths: /srv/a",
        "12 paths: /srv/b",
      ],
    ],
    [
      "json: nested names, arrays, comments, escapes",
      readJson,
      '{ // why\n "oven": { "doors": ["/srv/a", "/srv/b"], },\n "__proto__": { "x": 1 }, "s": "a\\tb" }',
      ["2 oven.doors: /srv/a", "2 oven.doors: /srv/b", "3 __proto__.x: 1", "3 s: a\tb"],
    ],
    [
      "xml: elements, attributes, the five entities and no others",
      readXml,
      '<?xml version="1.0"?>\n<Server port="8005">\n <!-- <Host port="1"/> -->\n <Host appBase="/srv/a&amp;b"/>\n <Note>&bread;</Note>\n</Server>',
      ["2 Server@port: 8005", "4 Server.Host@appBase: /srv/a&b", "5 Server.Note: &bread;"],
    ],
    [
      "rsyslog: directives, objects and selectors",
      readRsyslog,
      'module(load="imtcp") # why\n$FileOwner baker\n*.info;mail.none -/var/log/crumbs\n:msg, contains, "yeast" /var/log/yeast\ninput(type="imtcp"\n  port="6514")\n# action(file="/no")\n',
      [
        "2 $FileOwner: baker",
        "3 selector: -/var/log/crumbs",
        "4 selector: /var/log/yeast",
        "1 module.load: imtcp",
        "5 input.type: imtcp",
        "5 input.port: 6514",
      ],
    ],
  ])("%s", (_name, reader, text, expected) => {
    expect(plain(reader, text)).toEqual(expected);
  });

  const readers = {
    readWords,
    readApache,
    readEquals,
    readIni,
    readShell,
    readBlocks,
    readYaml,
    readJson,
    readXml,
    readRsyslog,
  };

  test.each(Object.entries(readers))("%s takes any text, and gives lines that are there", (_name, reader) => {
    const word = fc.constantFrom(
      "a",
      "/srv/x",
      "{",
      "}",
      "[",
      "]",
      '"',
      "'",
      "\\",
      "\n",
      " ",
      ":",
      "=",
      ";",
      "#",
      "<",
      ">",
      "(",
      ")",
      ",",
      "- ",
      "$",
      "/*",
      "<!--",
      "action(",
      "\0",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string({ maxLength: 5 })), { maxLength: 60 }), parts => {
        const text = parts.join("");
        const lines = text.split("\n").length;
        for (const entry of reader(text)) {
          expect(entry.line).toBeGreaterThanOrEqual(1);
          expect(entry.line).toBeLessThanOrEqual(lines);
          for (const value of entry.values) expect(value.length).toBeLessThanOrEqual(4096 * 2);
        }
      }),
    );
  });

  test.each(Object.entries(readers))(
    "%s reads a mebibyte of bad text in less than two seconds",
    (_name, reader) => {
      const size = 1024 * 1024;
      const bad = [
        "{",
        "[",
        '"',
        "action(",
        'action("',
        "<a ",
        "<!--",
        "a=",
        "a ",
        " ",
        "\t:",
        "a:",
        "\\\n",
        "- ",
        "${",
        "/*",
        "a\n",
        "x = \n",
        "\n a",
        "a '",
        "- a:\n",
        "$x y\n",
        "[x]\n",
      ];
      for (const part of bad) {
        const text = part.repeat(Math.ceil(size / part.length)).slice(0, size);
        const start = process.cpuUsage();
        reader(text);
        expect(process.cpuUsage(start).user / 1000, JSON.stringify(part)).toBeLessThan(2000);
      }
    },
  );
});
