import type { Daemon } from "./daemon.ts";

export const keeper: Daemon = {
  name: "keeper",
  packages: ["passwd"],
  units: ["keeper.service"],
  files: [{ from: "keeper.service", to: "/etc/systemd/system/keeper.service" }],
  compiled: [{ from: "keeper.c", to: "/usr/local/bin/keeper" }],
  setup: "useradd --system keeper",
  probe: String.raw`
active keeper; port 7007
send() { echo "$1" | nc -w 3 127.0.0.1 7007; }
step "lines are kept"
same "kept 4" "$(send rye)"; grep -qx rye /var/lib/keeper/lines
same keeper "$(stat -c %U /var/lib/keeper/lines)"
step "its words in the log"
journalctl --no-pager -t keeper | grep ready > /dev/null
step "rotation in a forked child"
systemctl reload keeper; send spelt > /dev/null; retry 5 sh -c 'ls /var/lib/keeper/lines.*.gz'
zcat /var/lib/keeper/lines.*.gz | grep -qx rye
step "many at once"
for i in $(seq 1 30); do send "line $i" > /dev/null & done; wait; retry 5 sh -c '[ "$(grep -c "line" /var/lib/keeper/lines)" = 30 ]'
step restart
systemctl restart keeper; port 7007; same "kept 4" "$(send rye)"
`,
  notes: "state directory, syslog, threads, a child that compresses",
};
