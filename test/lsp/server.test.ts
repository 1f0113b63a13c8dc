import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type {
  CodeAction,
  CodeLens,
  CompletionItem,
  Diagnostic,
  DocumentSymbol,
  Hover,
  InlayHint,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { type Client, capable, spawnServer, startClient } from "./client.ts";

// The real program over its standard streams.

const folder = mkdtempSync(join(tmpdir(), "tightunit-lsp-"));
const uriOf = (name: string): string => pathToFileURL(join(folder, name)).href;
const codes = (problems: readonly Diagnostic[]) => problems.map(each => each.code);
const severe = (problems: readonly Diagnostic[]) => problems.filter(each => each.severity !== 4);
let client: Client;

beforeAll(async () => {
  client = await startClient();
});
afterAll(async () => {
  expect(await client.stop()).toBe(0);
  rmSync(folder, { recursive: true, force: true });
});

const bakery = "[Unit]\nDescription=Bäckerei 🥐\n\n[Service]\nExecStart=/usr/bin/bakery\nPrivateTmp=yse\n";

describe("findings", () => {
  it("count in UTF-16, whatever else the client offers", () => {
    expect(client.capabilities.capabilities.positionEncoding).toBe("utf-16");
  });

  it("have exact ranges, a code, a link and what mends them", async () => {
    const [problem] = await client.open(uriOf("findings.service"), bakery);
    expect(problem).toMatchObject({
      range: { start: { line: 5, character: 11 }, end: { line: 5, character: 14 } },
      severity: 2,
      source: "tightunit",
      code: "invalid-value-meant",
      codeDescription: { href: expect.stringMatching(/systemd\.exec\.html#PrivateTmp=$/) },
    });
  });

  it("say why systemd refuses a unit, at the unit's own section", async () => {
    const problems = await client.open(uriOf("refused.service"), "[Unit]\n[Service]\nType=exec\n");
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ severity: 1, range: { start: { line: 1 } } });
  });

  it("come for every kind of mistake in one document", async () => {
    const text = [
      "[Unt]",
      "After=a",
      "[Service]",
      "ExecStart=+/usr/bin/a",
      "PrivateTmp=yes",
      "CapabilityBoundingSet=CAP_CHWON",
      "RestrictNamespaces=usr",
      "PrivateBPF=yes",
      "oops",
      "Before=b",
      "",
    ].join("\n");
    const problems = severe(await client.open(uriOf("mistakes.service"), text));
    expect(codes(problems)).toEqual([
      "unknown-section-meant",
      "exec-full-privileges",
      "bounding-set-typo-drops-all",
      "namespaces-line-unknown",
      "directive-too-new",
      "missing-equals",
      "key-in-wrong-section",
    ]);
  });

  it("are taken back when the document is closed", async () => {
    const uri = uriOf("closed.service");
    await client.open(uri, bakery);
    expect(await client.close(uri)).toEqual([]);
  });

  it("are none for files that are no units", async () => {
    expect(await client.open(uriOf("notes.txt"), "[Service]\nPrivateTmp=yse\n", "plaintext")).toEqual([]);
  });

  it("come for a document without a file too, which counts as a service", async () => {
    const problems = await client.open("untitled:Untitled-1", bakery);
    expect(codes(severe(problems))).toEqual(["invalid-value-meant"]);
  });
});

describe("what could be added", () => {
  it("is a hint at the section, each with its directive as the code", async () => {
    const uri = uriOf("hints.service");
    const problems = await client.open(uri, "[Service]\nExecStart=/usr/bin/bakery\n");
    const hints = problems.filter(each => each.severity === 4);
    expect(codes(hints)).toContain("NoNewPrivileges");
    expect(hints.every(each => each.range.start.line === 0)).toBe(true);
  });

  it("is as loud as the editor is set to have it, or silent", async () => {
    const text = "[Service]\nExecStart=/usr/bin/bakery\n";
    for (const [missing, severities] of [
      ["off", []],
      ["warning", [2]],
      ["information", [3]],
    ] as const) {
      const own = await startClient({ systemd: "257", missing, delay: 0 });
      const problems = await own.open(uriOf("loud.service"), text);
      expect([...new Set(problems.map(each => each.severity))]).toEqual(severities);
      expect(await own.stop()).toBe(0);
    }
  });
});

describe("the score", () => {
  const text = "[Service]\nExecStart=/usr/bin/bakery\n";

  it("stands in a lens over the section, and the click adds what it promises", async () => {
    const uri = uriOf("lens.service");
    await client.open(uri, text);
    const lenses = await client.request<CodeLens[]>("textDocument/codeLens", { textDocument: { uri } });
    expect(lenses).toHaveLength(1);
    expect(lenses[0]?.command?.title).toMatch(
      /^exposure 9\.4 UNSAFE · \d+ directives more \(balanced\) → \d\.\d$/,
    );
    const { command, arguments: args } = lenses[0]?.command ?? {};
    await client.request("workspace/executeCommand", { command, arguments: args });
    await expect.poll(() => client.applied.length).toBe(1);
    expect(await client.request("textDocument/inlayHint", inlayOf(uri))).toEqual([]);
  });

  it("stands in an inlay hint where the editor has no lenses", async () => {
    const own = await startClient(undefined, { textDocument: { inlayHint: {} } });
    const uri = uriOf("inlay.service");
    await own.open(uri, text);
    const hints = await own.request<InlayHint[]>("textDocument/inlayHint", inlayOf(uri));
    expect(hints).toHaveLength(1);
    expect(hints[0]?.position).toEqual({ line: 0, character: "[Service]".length });
    expect(await own.request("textDocument/codeLens", { textDocument: { uri } })).toEqual([]);
    expect(await own.stop()).toBe(0);
  });

  it("of a drop-in is that of the unit it is for, as both are open", async () => {
    mkdirSync(join(folder, "oven.service.d"), { recursive: true });
    writeFileSync(join(folder, "oven.service"), text);
    const uri = uriOf("oven.service.d/10-tight.conf");
    await client.open(uri, "[Service]\nPrivateNetwork=yes\n");
    const title = async () =>
      (await client.request<CodeLens[]>("textDocument/codeLens", { textDocument: { uri } }))[0]?.command
        ?.title;
    expect(await title()).toMatch(/^exposure 9\.0 /);
    // What the editor has of the fragment counts, not what the disk has.
    const dropIn = client.nextProblems(uri);
    await client.open(uriOf("oven.service"), `${text}User=oven\n`);
    await dropIn;
    expect(await title()).not.toMatch(/^exposure 9\.0 /);
  });

  it("of a drop-in alone is none", async () => {
    const uri = uriOf("nothing.service.d/10-tight.conf");
    await client.open(uri, "[Service]\nPrivateNetwork=yes\n");
    const lenses = await client.request<CodeLens[]>("textDocument/codeLens", { textDocument: { uri } });
    expect(lenses[0]?.command?.title).toMatch(/^not scored: /);
  });

  function inlayOf(uri: string) {
    return {
      textDocument: { uri },
      range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } },
    };
  }
});

describe("quick fixes", () => {
  const actionsAt = (uri: string, line: number, only?: readonly string[]) =>
    client.request<CodeAction[]>("textDocument/codeAction", {
      textDocument: { uri },
      range: { start: { line, character: 0 }, end: { line, character: 99 } },
      context: { diagnostics: [], ...(only && { only }) },
    });
  const edited = (text: string, action: CodeAction | undefined) => {
    const [change] = action?.edit?.documentChanges ?? [];
    if (change === undefined || !("edits" in change)) throw new Error("no edit");
    const document = TextDocument.create("x", "systemd", 0, text);
    return TextDocument.applyEdits(
      document,
      change.edits.filter(each => "newText" in each),
    );
  };

  it("waive a finding until a reason is written, which then is quiet", async () => {
    const uri = uriOf("waive.service");
    await client.open(uri, bakery);
    const waive = (await actionsAt(uri, 5)).find(each => each.title.startsWith("Waive "));
    expect(waive?.title).toMatch(/^Waive ignored-value until \d{4}-\d\d-\d\d/);
    const asked = edited(bakery, waive);
    const unfinished = severe(await client.open(uriOf("waive-asked.service"), asked));
    expect(codes(unfinished)).toEqual(["invalid-value-meant", "gate-waiver-no-reason"]);
    const written = asked.replace('reason=""', 'reason="the oven needs it"');
    const quiet = await client.open(uriOf("waive-written.service"), written);
    expect(severe(quiet)).toEqual([]);
    const message = quiet.find(each => each.code === "invalid-value-meant")?.message;
    expect(message).toMatch(/Waived until \d{4}-\d\d-\d\d: the oven needs it$/);
    const old = written.replace(/until=\S+/, "until=2020-01-31");
    const [ended] = severe(await client.open(uriOf("waive-ended.service"), old));
    expect(ended?.message).toContain("The waiver ended on 2020-01-31");
  });

  it("correct a typo", async () => {
    const uri = uriOf("typo.service");
    await client.open(uri, bakery);
    const [fix] = await actionsAt(uri, 5);
    expect(fix).toMatchObject({ kind: "quickfix", isPreferred: true });
    expect(edited(bakery, fix)).toBe(bakery.replace("yse", "yes"));
  });

  it("move a line to its section, or drop it", async () => {
    const uri = uriOf("move.service");
    const text = "[Unit]\nPrivateTmp=yes\n[Service]\nExecStart=/bin/a\n";
    await client.open(uri, text);
    const actions = await actionsAt(uri, 1);
    expect(actions.slice(0, 2).map(each => edited(text, each))).toEqual([
      "[Unit]\n[Service]\nExecStart=/bin/a\nPrivateTmp=yes\n",
      "[Unit]\n[Service]\nExecStart=/bin/a\n",
    ]);
  });

  it("add one directive of the proposal, or all of a level, in the file or in a drop-in", async () => {
    const uri = uriOf("add.service");
    const text = "[Service]\nExecStart=/usr/bin/bakery\n";
    await client.open(uri, text);
    const actions = await actionsAt(uri, 0);
    const one = actions.find(each => each.title === "Add NoNewPrivileges=yes");
    expect(edited(text, one)).toBe(`${text}NoNewPrivileges=yes\n`);
    const all = actions.filter(each => each.kind === "source.harden");
    expect(all.map(each => each.title.replaceAll(/[\d.]+/g, "N"))).toEqual([
      "Add all N directives of level safe: exposure N → N",
      "Add all N directives of level safe in a drop-in, addNserviceNd/N-tightunitNconf: exposure N → N",
      "Add all N directives of level balanced: exposure N → N",
      "Add all N directives of level balanced in a drop-in, addNserviceNd/N-tightunitNconf: exposure N → N",
    ]);
    const [create, fill] = all[1]?.edit?.documentChanges ?? [];
    expect(create).toMatchObject({ kind: "create", uri: uriOf("add.service.d/50-tightunit.conf") });
    expect(fill).toMatchObject({
      edits: [{ newText: expect.stringMatching(/^# BEGIN tightunit.*\[Service\]/s) }],
    });
  });

  it("mend all typos at once when that is asked for", async () => {
    const uri = uriOf("all.service");
    const text = "[Service]\nExecStart=/bin/a\nPrivateTmpp=yes\nProtectHome=yse\n";
    await client.open(uri, text);
    const [fix] = await actionsAt(uri, 0, ["source.fixAll"]);
    expect(edited(text, fix)).toBe("[Service]\nExecStart=/bin/a\nPrivateTmp=yes\nProtectHome=yes\n");
  });

  it("never offer what the editor cannot do", async () => {
    const own = await startClient(undefined, { textDocument: {} });
    const uri = uriOf("simple.service");
    await own.open(uri, bakery);
    const actions = await own.request<CodeAction[]>("textDocument/codeAction", {
      textDocument: { uri },
      range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } },
      context: { diagnostics: [] },
    });
    expect(actions.length).toBeGreaterThan(0);
    expect(actions.every(each => each.edit?.documentChanges === undefined)).toBe(true);
    expect(actions.some(each => each.title.includes("drop-in"))).toBe(false);
    expect(await own.stop()).toBe(0);
  });
});

describe("help while typing", () => {
  const complete = async (uri: string, text: string) => {
    const at = text.indexOf("|");
    const before = text.slice(0, at).split("\n");
    await client.open(uri, text.replace("|", ""));
    return client.request<CompletionItem[]>("textDocument/completion", {
      textDocument: { uri },
      position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 },
    });
  };
  const labels = (items: readonly CompletionItem[]) => items.map(each => each.label);

  it("explains a directive: meaning, what it denies, risk, what breaks, and its gain here", async () => {
    const uri = uriOf("hover.service");
    await client.open(uri, bakery);
    const hover = await client.request<Hover>("textDocument/hover", {
      textDocument: { uri },
      position: { line: 5, character: 3 },
    });
    const { value } = Object(hover.contents);
    for (const part of [
      "**PrivateTmp=**",
      "shared-tmp",
      "| value | denies |",
      "Known to break",
      "systemd.exec(5)",
    ])
      expect(value).toContain(part);
    expect(hover.range).toEqual({ start: { line: 5, character: 0 }, end: { line: 5, character: 10 } });
  });

  it("explains a set of system calls, a value and the whole unit", async () => {
    const uri = uriOf("hover-values.service");
    await client.open(uri, "[Service]\nExecStart=/bin/a\nSystemCallFilter=@swap\nProtectSystem=strict\n");
    const at = async (line: number, character: number) => {
      const position = { line, character };
      const hover = await client.request<Hover | null>("textDocument/hover", {
        textDocument: { uri },
        position,
      });
      return String(Object(hover?.contents).value);
    };
    expect(await at(2, 20)).toContain("`swapoff` `swapon`");
    expect(await at(3, 16)).toContain("ProtectSystem=strict");
    expect(await at(0, 3)).toMatch(/exposure \d\.\d/);
    expect(await at(1, 12)).toBe("undefined");
  });

  it("offers sections, keys of the section that this systemd knows, and values", async () => {
    expect(labels(await complete(uriOf("c1.service"), "[S|"))).toEqual(["[Unit]", "[Install]", "[Service]"]);
    const keys = labels(await complete(uriOf("c2.service"), "[Service]\nPriv|\n"));
    expect(keys).toContain("PrivateTmp");
    expect(keys).not.toContain("PrivateBPF");
    expect(keys).not.toContain("WantedBy");
    expect(labels(await complete(uriOf("c3.service"), "[Service]\nProtectSystem=|\n"))).toEqual([
      "strict",
      "full",
      "yes",
      "no",
    ]);
    expect(
      labels(await complete(uriOf("c4.service"), "[Service]\nCapabilityBoundingSet=CAP_CHOWN CA|")),
    ).toContain("CAP_SYS_ADMIN");
    expect(labels(await complete(uriOf("c5.service"), "[Service]\nSystemCallFilter=~@|"))).toContain("@swap");
    expect(labels(await complete(uriOf("c6.service"), "# [Service]\n# Pri|"))).toEqual([]);
  });

  it("puts in the whole directive, in place of what is typed", async () => {
    const items = await complete(uriOf("c7.service"), "[Service]\n  Privat|eT=yes\n");
    const item = items.find(each => each.label === "PrivateTmp");
    expect(item?.textEdit).toEqual({
      range: { start: { line: 1, character: 2 }, end: { line: 1, character: 10 } },
      newText: "PrivateTmp",
    });
    const resolved = await client.request<CompletionItem>("completionItem/resolve", item);
    expect(Object(resolved.documentation).value).toContain("**PrivateTmp=**");
  });

  it("outlines a document, as a tree or flat", async () => {
    const uri = uriOf("outline.service");
    await client.open(uri, bakery);
    const symbols = await client.request<DocumentSymbol[]>("textDocument/documentSymbol", {
      textDocument: { uri },
    });
    expect(symbols.map(({ name, children }) => [name, children?.map(each => each.name)])).toEqual([
      ["Unit", ["Description"]],
      ["Service", ["ExecStart", "PrivateTmp"]],
    ]);
  });
});

describe("changes", () => {
  it("leave the same findings as opening the result, after any row of them", async () => {
    const uri = uriOf("changes.service");
    const pieces = ["\n", "\r\n", "🥐", "ä", "[Service]\n", "PrivateTmp=yse\r\n", "User=a\\\n", "=", "x", ""];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(), fc.nat(8), fc.constantFrom(...pieces)), { minLength: 1, maxLength: 12 }),
        async changes => {
          let text = "[Service]\r\nExecStart=/bin/🥖 \r\nPrivateTmp=yse\r\n";
          await client.open(uri, text);
          const done = client.nextProblems(uri);
          const events = changes.map(([at, length, added]) => {
            const start = at % (text.length + 1);
            const end = Math.min(text.length, start + length);
            const document = TextDocument.create(uri, "systemd", 0, text);
            // An editor counts from where its own buffer has the place: never between the halves of a pair.
            const range = { start: document.positionAt(start), end: document.positionAt(end) };
            text =
              text.slice(0, document.offsetAt(range.start)) +
              added +
              text.slice(document.offsetAt(range.end));
            return { range, text: added };
          });
          client.change(uri, events);
          const changed = await done;
          await client.close(uri);
          expect(changed).toEqual(await client.open(uri, text));
          await client.close(uri);
        },
      ),
      { numRuns: 30 },
    );
  }, 60_000);

  it("in a row are looked at once", async () => {
    const own = await startClient({ systemd: "257", delay: 100 });
    const uri = uriOf("rapid.service");
    await own.open(uri, "[Service]\nExecStart=/bin/a\n");
    const before = own.publications();
    const done = own.nextProblems(uri);
    for (const letter of "PrivateTmp=yse") {
      const line = { line: 2, character: 0 };
      own.change(uri, [{ range: { start: line, end: line }, text: letter }]);
    }
    await done;
    expect(own.publications() - before).toBe(1);
    expect(await own.stop()).toBe(0);
  });
});

describe("settings", () => {
  // Eglot is one that has settings to ask for and takes no registration: it warns about each.
  it.each([
    ["", true, ["workspace/didChangeConfiguration"]],
    ["no ", false, []],
  ])(
    "are followed by registration with an editor that has %sdynamic registration",
    async (_, has, expected) => {
      const workspace = { configuration: true, didChangeConfiguration: { dynamicRegistration: has } };
      const registered: string[] = [];
      const client = await startClient(undefined, { ...capable, workspace }, connection => {
        connection.onRequest("workspace/configuration", () => [{ systemd: "257", delay: 20 }]);
        connection.onRequest("client/registerCapability", ({ registrations }) => {
          registered.push(...registrations.map(({ method }: { method: string }) => method));
          return null;
        });
      });
      await client.open("untitled:oven.service", "[Service]\nExecStart=/usr/bin/oven\n");
      expect(registered).toEqual(expected);
      expect(await client.stop()).toBe(0);
    },
  );
});

describe("what goes wrong", () => {
  it("is answered: unknown requests, documents that are not open, wrong arguments", async () => {
    const uri = uriOf("never-opened.service");
    expect(
      await client.request("textDocument/hover", {
        textDocument: { uri },
        position: { line: 0, character: 0 },
      }),
    ).toBeNull();
    await expect(client.request("textDocument/nothing", {})).rejects.toMatchObject({ code: -32601 });
    await expect(
      client.request("workspace/executeCommand", { command: "tightunit.harden", arguments: [1] }),
    ).rejects.toMatchObject({ code: -32602 });
  });

  it("is no end: a position beyond the text, a document of another protocol", async () => {
    const uri = uriOf("beyond.service");
    await client.open(uri, bakery);
    const position = { line: 9999, character: 9999 };
    expect(
      await client.request("textDocument/completion", { textDocument: { uri }, position }),
    ).toBeDefined();
    await client.open("git:/a%ZZ.service", "[Service]\nX=1\n", "ini");
    await client.open("file:///a%ZZ.service", "[Service]\nX=1\n");
    await client.open("file://other-host/a.service", "[Service]\nX=1\n");
  });

  it("is bounded: a document larger than any unit is not looked at, and says so", async () => {
    const uri = uriOf("huge.service");
    const problems = await client.open(uri, `[Service]\n${"PrivateTmpp=yes\n".repeat(200_000)}`);
    expect(codes(problems)).toEqual(["lsp-too-large"]);
    expect(await client.request("textDocument/documentSymbol", { textDocument: { uri } })).toBeNull();
  });

  it("is bounded: one with nothing but mistakes has at most 200 findings", async () => {
    const started = Date.now();
    const problems = await client.open(uriOf("flood.service"), `[Service]\n${"Typo=x\n".repeat(40_000)}`);
    expect(problems.length).toBeLessThanOrEqual(200);
    expect(Date.now() - started).toBeLessThan(20_000);
  }, 30_000);

  it("is cancelled when nobody waits any more", async () => {
    const uri = uriOf("cancel.service");
    await client.open(uri, bakery);
    const id = "cancelled-1";
    const { stdin } = client.process;
    const send = (message: object): string => {
      const body = JSON.stringify({ jsonrpc: "2.0", ...message });
      return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    };
    const answer = new Promise<string>(resolve => {
      const read = (chunk: Buffer): void => {
        if (!chunk.toString().includes(id)) return;
        client.process.stdout.off("data", read);
        resolve(chunk.toString());
      };
      client.process.stdout.on("data", read);
    });
    const params = { textDocument: { uri }, position: { line: 5, character: 3 } };
    stdin.write(
      send({ id, method: "textDocument/hover", params }) +
        send({ method: "$/cancelRequest", params: { id } }),
    );
    expect(await answer).toMatch(/"code":-32800/);
  });

  it("is said and survived: settings that mean nothing", async () => {
    const own = await startClient({ systemd: "old", missing: "loud", unknown: 1, delay: 0 });
    const heard: string[] = [];
    own.process.stderr.on("data", chunk => heard.push(String(chunk)));
    expect(codes(severe(await own.open(uriOf("settings.service"), bakery)))).toEqual(["invalid-value-meant"]);
    expect(heard.join("")).toContain("tightunit.missing cannot be");
    expect(await own.stop()).toBe(0);
  });

  it.each([
    ["a message that is no JSON", "Content-Length: 5\r\n\r\n{oops"],
    ["a message without a length", "Content-Type: x\r\n\r\n{}"],
    ["no message at all", "hello\r\n\r\n"],
    ["a message that is no request", 'Content-Length: 4\r\n\r\n"hi"'],
  ])("is no crash: %s, then the client goes away", async (_, bytes) => {
    const child = spawnServer();
    const errors: string[] = [];
    child.stderr.on("data", chunk => errors.push(String(chunk)));
    const exited = new Promise<number | null>(resolve => child.on("exit", resolve));
    child.stdin.write(bytes);
    child.stdin.end();
    // 1: the client went without saying shutdown.
    expect(await exited).toBe(1);
    expect(errors.join("")).not.toMatch(/\n\s+at /);
  });

  it("ends with 1 where exit comes without shutdown", async () => {
    const own = await startClient();
    const exited = new Promise<number | null>(resolve => own.process.on("exit", resolve));
    await own.connection.sendNotification("exit");
    expect(await exited).toBe(1);
    own.connection.dispose();
  });
});

it("offers an editor of today all that it can do", () => {
  expect(capable.textDocument).toBeDefined();
  const { capabilities } = client.capabilities;
  expect(capabilities).toMatchObject({
    hoverProvider: true,
    documentSymbolProvider: true,
    inlayHintProvider: true,
  });
});
