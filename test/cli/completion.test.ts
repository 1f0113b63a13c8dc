// Completion, asked as the scripts ask, and by the shells themselves where they are installed.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { commandBuilders } from "../../src/cli/command-builders.ts";
import { completionScript } from "../../src/cli/completion-script.ts";
import { run } from "./run.ts";

const here = dirname(fileURLToPath(import.meta.url));
const tool = join(here, "../../bin/tightunit.js");
const folder = mkdtempSync(join(tmpdir(), "tightunit-completion-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, "bakery@.service"), "[Service]\nExecStart=/usr/bin/bake\n");
writeFileSync(join(folder, "bakery.service"), "[Service]\nExecStart=/usr/bin/bake\n");
writeFileSync(join(folder, "fire\\x2dplace.service"), "[Service]\nExecStart=/usr/bin/heat\n");
const env = { SYSTEMD_UNIT_PATH: folder };

const words = async (...typed: readonly string[]): Promise<readonly string[]> => {
  const { stdout } = await run(["--get-yargs-completions", "tightunit", ...typed], { env });
  return stdout.split("\n").filter(line => line !== "");
};

describe("what completion offers", () => {
  it("has every command that the help has, and the other way round", async () => {
    const { stdout } = await run(["--help"], { columns: 200 });
    const listed = [...stdout.matchAll(/^ +tightunit ([a-z-]+) /gm)].map(([, name]) => name);
    expect(await words("")).toEqual(expect.arrayContaining(listed));
    expect(listed).toEqual(expect.arrayContaining([...commandBuilders.keys()]));
  });

  it.each([...commandBuilders.keys()])(
    "knows every option of %s, and the values of those that have a choice",
    async name => {
      const { stdout } = await run([name, "--help"], { columns: 200 });
      const options = [...stdout.matchAll(/^ +(?:-[a-z], +)?(--[a-z-]+)(.*)$/gm)];
      expect(options.length).toBeGreaterThan(0);
      const offered = await words(name, "-");
      for (const [, option = "", rest = ""] of options) {
        expect(offered).toContain(option);
        const [, list] = /\[choices: (.*?)\]/.exec(rest) ?? [];
        const choices = [...(list ?? "").matchAll(/"([^"]+)"/g)].map(([, choice]) => choice);
        if (list === undefined) continue;
        expect(await words(name, option, "")).toEqual(choices);
        expect(await words(name, `${option}=`)).toEqual(choices.map(choice => `${option}=${choice}`));
      }
    },
  );

  it("offers versions, architectures, packs and lists of directives", async () => {
    expect(await words("audit", "--systemd", "25")).toContain("257");
    expect(await words("audit", "--arch", "arm")).toEqual(["arm64", "arm"]);
    expect(await words("audit", "--pack", "t")).toEqual(["traps"]);
    expect(await words("fix", "--only", "ProtectHo")).toEqual(["ProtectHome", "ProtectHostname"]);
    expect(await words("fix", "--only=ProtectHome,ProtectHo")).toEqual([
      "--only=ProtectHome,ProtectHostname",
    ]);
  });

  it("leaves files to the shell where an option takes one", async () => {
    expect(await words("audit", "--root", "")).toEqual([]);
    expect(await words("merge", "")).toEqual([]);
    expect(await words("gate", "--baseline", "bak")).toEqual([]);
  });

  it("offers units, for explain directives and checks too, and nothing twice", async () => {
    expect(await words("audit", "bak")).toEqual(["bakery.service", "bakery@.service"]);
    expect(await words("audit", "--", "bak")).toContain("bakery.service");
    expect(await words("explain", "ProtectHom")).toEqual(["ProtectHome"]);
    expect(await words("explain", "SystemCallFilter_sw")).toEqual(["SystemCallFilter_swap"]);
    expect(await words("audit", "--format", "json", "--")).not.toContain("--format");
    expect(await words("nonsense", "")).toEqual([]);
    expect(await words("completion", "")).toEqual(["bash", "zsh", "fish"]);
  });

  it("prints the script of a shell, of the one in use by default", async () => {
    expect((await run(["completion", "zsh"])).stdout).toBe(completionScript("zsh"));
    expect((await run(["completion"], { env: { SHELL: "/usr/bin/fish" } })).stdout).toBe(
      completionScript("fish"),
    );
    expect((await run(["completion"])).stdout).toBe(completionScript("bash"));
    expect((await run(["completion", "tcsh"])).code).toBe(2);
  });
});

const has = (program: string): boolean => spawnSync(program, ["--version"]).error === undefined;
const isBuilt = spawnSync(process.execPath, [tool, "--version"]).status === 0;
const why = (program: string): string =>
  !isBuilt ? " (skipped: dist/ is not built)" : has(program) ? "" : ` (skipped: ${program} is not installed)`;

function path(): string {
  const bin = join(folder, "bin");
  if (!existsSync(bin)) {
    execFileSync("mkdir", [bin]);
    symlinkSync(tool, join(bin, "tightunit"));
    writeFileSync(join(folder, "oven.txt"), "");
  }
  return `${bin}:${dirname(process.execPath)}:${process.env.PATH}`;
}
const shellEnv = (): NodeJS.ProcessEnv => ({ PATH: path(), HOME: folder, TERM: "dumb", ...env });

describe.skipIf(why("bash") !== "")(`bash${why("bash")}`, () => {
  /** What bash hands to the function, its own word breaks included, and what is in the reply. */
  const bash = (line: string): readonly string[] => {
    const script = [
      'eval "$(tightunit completion bash)"',
      "COMP_LINE=$1 COMP_POINT=${#1}",
      "_tightunit 2>&1",
      'printf "%s\\n" "${COMPREPLY[@]}"',
    ].join("\n");
    const output = execFileSync("bash", ["-c", script, "bash", line], {
      encoding: "utf8",
      env: shellEnv(),
      cwd: folder,
    });
    return output.split("\n").filter(each => each !== "");
  };

  it("completes commands, options, values and units, whatever bash takes for the end of a word", () => {
    expect(bash("tightunit bas")).toEqual(["baseline"]);
    expect(bash("tightunit merge --gr")).toEqual(["--group"]);
    expect(bash("tightunit fix --level s")).toEqual(["safe", "strict"]);
    expect(bash("tightunit fix --level=s")).toEqual(["safe", "strict"]);
    expect(bash("tightunit audit bakery@")).toEqual([".service"]);
    expect(bash("tightunit audit fire")).toEqual(["fire\\\\x2dplace.service"]);
    expect(bash("tightunit audit --root ")).toEqual([]);
  });

  it("is a script that shellcheck finds nothing wrong with", ctx => {
    if (!has("shellcheck")) ctx.skip("shellcheck is not installed");
    const { stdout, status } = spawnSync("shellcheck", ["-s", "bash", "-"], {
      input: completionScript("bash"),
      encoding: "utf8",
    });
    expect(stdout).toBe("");
    expect(status).toBe(0);
  });
});

describe.skipIf(why("fish") !== "")(`fish${why("fish")}`, () => {
  const fish = (line: string): readonly string[] => {
    const script = 'tightunit completion fish | source; complete -C "$argv[1]"';
    const output = execFileSync("fish", ["-N", "-c", script, line], {
      encoding: "utf8",
      env: shellEnv(),
      cwd: folder,
    });
    return output.split("\n").filter(each => each !== "");
  };

  it("completes commands, options, values, units and files", () => {
    expect(fish("tightunit bas")).toEqual(["baseline"]);
    expect(fish("tightunit merge --gr")).toEqual(["--group"]);
    expect(fish("tightunit fix --level s")).toEqual(["safe", "strict"]);
    expect(fish("tightunit fix --level=s")).toEqual(["--level=safe", "--level=strict"]);
    expect(fish("tightunit audit bakery@")).toEqual(["bakery@.service"]);
    expect(fish("tightunit audit --config ov").join()).toContain("oven.txt");
  });
});

describe.skipIf(why("zsh") !== "")(`zsh${why("zsh")}`, () => {
  /** A real line editor on a pseudo-terminal of zsh's own: what a tab makes of the line is what the echo command says. */
  const zsh = (line: string): string => {
    const script = [
      "zmodload zsh/zpty",
      "zpty shell zsh -f -i",
      'zpty -w shell \'PS1= RPS1=; unsetopt prompt_sp; autoload -Uz compinit; compinit -u -D; eval "$(tightunit completion zsh)"; bindkey "^I" complete-word; done-line() { print -r -- "<$BUFFER>" > $HOME/line; BUFFER= }; zle -N done-line; bindkey "^G" done-line; print rea""dy\'',
      "for ((i = 0; i < 300; i++)); do zpty -t shell && zpty -r -t shell seen && [[ $seen == *ready$'\\r\\n'* ]] && break; sleep 0.1; done",
      "zpty -w -n shell \"$1\"$'\\t\\a'",
      "for ((i = 0; i < 300; i++)); do [[ -s $HOME/line ]] && break; zpty -t shell && zpty -r -t shell seen; sleep 0.1; done",
      "cat $HOME/line; rm -f $HOME/line",
      "zpty -d shell",
    ].join("\n");
    return execFileSync("zsh", ["-f", "-c", script, "zsh", line], {
      encoding: "utf8",
      env: shellEnv(),
      cwd: folder,
      timeout: 60_000,
    }).trim();
  };

  it.each([
    ["tightunit bas", "<tightunit baseline >"],
    ["tightunit merge --gr", "<tightunit merge --group >"],
    ["tightunit fix --level b", "<tightunit fix --level balanced >"],
    ["tightunit audit bakery@", "<tightunit audit bakery@.service >"],
    ["tightunit audit --config ov", "<tightunit audit --config oven.txt >"],
  ])(
    "makes of %s and a tab %s",
    (line, result) => {
      expect(zsh(line)).toBe(result);
    },
    90_000,
  );
});
