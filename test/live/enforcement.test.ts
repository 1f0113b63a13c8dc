/** What rules/directives says a directive denies is denied by a real systemd, and what it leaves still works. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { whyUnavailable } from "./harness/available.ts";
import { type BootedRoot, bootRoot } from "./harness/boot.ts";
import { repositoryRoot } from "./harness/paths.ts";
import type { Suite } from "./harness/roots.ts";

interface Case {
  /** As in the directive's file. */
  readonly value: string;
  /** What is written into the unit. */
  readonly lines: readonly string[];
  /** bash: works without the lines, fails with them. */
  readonly denied: string;
  /** bash: works with them. */
  readonly left: string;
  /** Runs as this user with and without the lines; otherwise root. */
  readonly user?: string;
  /** Lines of the comparison, where the default already denies. */
  readonly free?: readonly string[];
  /** bash outside, after the unit has ended: its exit decides instead of the unit's, for what takes effect at the end. */
  readonly after?: string;
  /** What the kernel must have for `denied` to work at all; without it the case says nothing and is skipped. */
  readonly needs?: string;
}

interface Directive {
  readonly directive: string;
  readonly since: number;
  readonly kind: string;
  readonly propose?: boolean;
  readonly values: readonly {
    readonly value: string;
    readonly since?: number;
    readonly denies: readonly unknown[];
  }[];
}

const read = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));
const here = join(repositoryRoot(), "test", "live");
const versions: Readonly<Record<Suite, number>> = { bookworm: 252, trixie: 257, sid: 262 };
const notEnforced = read(join(here, "not-enforced.json")) as Readonly<
  Record<string, Readonly<Record<string, string>>>
>;
const wanted = (process.env.LIVE_SUITES ?? "bookworm,trixie,sid").split(",");

const directives = readdirSync(join(repositoryRoot(), "rules", "directives"))
  .filter(name => name.endsWith(".json"))
  .map(name => read(join(repositoryRoot(), "rules", "directives", name)) as Directive);

const tables = readdirSync(join(here, "enforcement"))
  .filter(name => name.endsWith(".json"))
  .sort()
  .map(
    name =>
      read(join(here, "enforcement", name)) as {
        readonly directive: string;
        readonly cases: readonly Case[];
      },
  );

const cases = tables.flatMap(({ directive, cases: list }) =>
  list.map((entry, index) => ({ ...entry, directive, id: `${directive.toLowerCase()}-${index}` })),
);

const sinceOf = (directive: string, value: string): number => {
  const known = directives.find(each => each.directive === directive);
  const found = known?.values.find(each => each.value === value);
  return found?.since ?? known?.since ?? 0;
};

/** One unit per question: `free` without the lines, `held` and `left` with them. */
const unitText = (entry: Case, id: string, role: "free" | "held" | "left"): string => {
  const lines =
    role === "free"
      ? [...(entry.free ?? []), ...(entry.user === undefined ? [] : [`User=${entry.user}`])]
      : entry.lines;
  const script = role === "left" ? "left" : "denied";
  return `[Service]\nType=oneshot\nTimeoutStartSec=20\nWorkingDirectory=/\n${lines.map(line => `${line}\n`).join("")}ExecStart=/usr/bin/bash -e /live/${id}.${script}\n`;
};

const prepareScript = String.raw`
useradd -m baker; chmod 755 /home/baker; echo rye > /home/baker/bread
mkdir -p /srv /usr/lib/modules/live /small/usr /small/lib /small/lib64 /small/bin /small/live /small/proc /small/dev /small/tmp
echo rye > /srv/bread; touch /small/small-marker; chmod 777 /srv
cp /usr/bin/true /srv/program; cp /usr/bin/id /usr/local/bin/suid-id-real
echo shared > /tmp/shared; echo shared > /var/tmp/shared
cat > /usr/local/bin/suid-id <<'END'
#!/bin/sh
exec /usr/local/bin/suid-id-bin -u
END
chmod 755 /usr/local/bin/suid-id; cp /usr/bin/id /usr/local/bin/suid-id-bin; chmod 4755 /usr/local/bin/suid-id-bin
python3 /live/act.py shm_make 4711
useradd miller; echo rye > /root/bread; python3 /live/act.py user_key root-bread
systemd-run -q --unit sleeper sleep 3600; systemctl show -P MainPID sleeper > /live/sleeper.pid
systemd-run -q --unit miller --uid miller sleep 3600; systemctl show -P MainPID miller > /live/miller.pid
systemd-run -q --unit mate -p PrivateTmp=yes sh -c 'touch /tmp/joined; exec sleep 3600'
systemd-run -q --unit listener nc -lk 127.0.0.1 7999
`;

const runAll = String.raw`
systemctl daemon-reload
for unit in /run/systemd/system/case-*.service; do
  name=$(basename "$unit")
  systemctl start "$name" > /dev/null 2>&1 || true
  after=/live/$(sed -E 's/^case-(.*)-(free|held|left)\.service/\1/' <<< "$name").after
  case $name in *-left.service) after=/dev/null ;; esac
  if [ -s "$after" ] && ! bash "$after"; then printf 'RESULT %s Result=after ExecMainStatus=1\n' "$name"; continue; fi
  printf 'RESULT %s %s\n' "$name" "$(systemctl show -p LoadState -p Result -p ExecMainStatus "$name" | tr '\n' ' ')"
  systemctl reset-failed "$name" 2> /dev/null || true
done
journalctl --no-pager -o cat _PID=1 | grep -E '^/run/systemd/system/case-|^case-' | grep -E 'Unknown|Failed to parse|ignoring|Cannot' | grep -v 'for control group' || true
`;

interface Ran {
  readonly loaded: string;
  readonly result: string;
  /** Exit status, or the signal's number; 200 and above is systemd's own failure to set the service up. */
  readonly status: number;
}

const reason = whyUnavailable();

describe("coverage", () => {
  it("has a case for every value of every directive that is proposed", () => {
    const missing = directives
      .filter(each => each.propose !== false)
      .flatMap(each =>
        each.values
          .filter(value => value.denies.length > 0)
          .filter(
            value => !cases.some(entry => entry.directive === each.directive && entry.value === value.value),
          )
          .map(value => `${each.directive}=${value.value}`),
      );
    const listed = Object.keys(read(join(here, "not-covered.json")) as Record<string, string>);
    expect(missing.filter(name => !listed.includes(name))).toEqual([]);
  });
});

for (const suite of ["bookworm", "trixie", "sid"] as const) {
  const why = wanted.includes(suite) ? reason : "not among LIVE_SUITES";
  describe.skipIf(why !== undefined)(
    `enforcement on ${suite} (systemd ${versions[suite]})${why === undefined ? "" : `: skipped, ${why}`}`,
    () => {
      let root: BootedRoot | undefined;
      const ran = new Map<string, Ran>();
      let complaints = "";

      beforeAll(async () => {
        root = await bootRoot({ suite, packages: ["python3", "passwd", "bsdutils"] });
        await root.writeFile("/live/act.py", readFileSync(join(here, "enforcement", "act.py")));
        const prepared = await root.runScript(prepareScript);
        if (prepared.code !== 0) throw new Error(prepared.output);
        let batch = "";
        const put = (path: string, text: string): void => {
          batch += `cat > '${path}' <<'END-OF-FILE'\n${text}\nEND-OF-FILE\n`;
        };
        for (const entry of cases) {
          if (sinceOf(entry.directive, entry.value) > versions[suite]) continue;
          put(`/live/${entry.id}.denied`, entry.denied);
          put(`/live/${entry.id}.left`, entry.left);
          if (entry.after !== undefined) put(`/live/${entry.id}.after`, entry.after);
          for (const role of ["free", "held", "left"] as const)
            put(`/run/systemd/system/case-${entry.id}-${role}.service`, unitText(entry, entry.id, role));
        }
        const done = await root.runScript(batch + runAll, { timeoutMs: 600_000 });
        for (const [, name = "", rest = ""] of done.output.matchAll(/^RESULT case-(\S+)\.service (.*)$/gm)) {
          const property = (key: string): string => new RegExp(`\\b${key}=(\\S*)`).exec(rest)?.[1] ?? "";
          ran.set(name, {
            loaded: property("LoadState"),
            result: property("Result"),
            status: Number(property("ExecMainStatus")),
          });
        }
        complaints = done.output
          .split("\n")
          .filter(line =>
            /^(\/run\/systemd\/system\/)?case-.*(Unknown|Failed to parse|ignoring|Cannot)/.test(line),
          )
          .join("\n");
      }, 900_000);

      afterAll(() => root?.stop());

      for (const entry of cases) {
        const since = sinceOf(entry.directive, entry.value);
        const known = notEnforced.everywhere?.[entry.directive] ?? notEnforced[suite]?.[entry.directive];
        const skipped = since > versions[suite] ? `since ${since}` : known;
        const title = `${entry.lines.join(" ")} denies: ${entry.denied}`;
        it.skipIf(skipped !== undefined)(
          skipped === undefined ? title : `${title}: skipped, ${skipped}`,
          context => {
            const [free, held, left] = (["free", "held", "left"] as const).map(role =>
              ran.get(`${entry.id}-${role}`),
            );
            expect(
              complaints.split("\n").filter(line => line.includes(`case-${entry.id}-`)),
              "systemd understood the lines",
            ).toEqual([]);
            if (entry.needs !== undefined && free?.result !== "success")
              context.skip(`this kernel lacks ${entry.needs}`);
            expect(free?.result, "works without the lines").toBe("success");
            expect(held?.result, "fails with them").not.toBe("success");
            expect(held?.status, "fails by itself, not because systemd could not set it up").toBeLessThan(
              200,
            );
            expect(left?.result, `still works: ${entry.left}`).toBe("success");
          },
        );
      }
    },
  );
}
