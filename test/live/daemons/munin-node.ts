import type { Daemon } from "./daemon.ts";

export const muninNode: Daemon = {
  name: "munin-node",
  packages: ["munin-node", "logrotate"],
  units: ["munin-node.service"],
  setup: String.raw`
for p in cpu memory df processes load uptime if_ users; do [ -e /usr/share/munin/plugins/$p ] && ln -sf /usr/share/munin/plugins/$p /etc/munin/plugins/$p; done; ln -sf /usr/share/munin/plugins/if_ /etc/munin/plugins/if_lo; rm -f /etc/munin/plugins/if_
printf '#!/bin/sh\n[ "$1" = config ] && { echo graph_title x; echo a.label a; exit; }\necho a.value $(id -u)\ndate > "$MUNIN_STATEFILE"\n' > /etc/munin/plugins/rye; chmod 755 /etc/munin/plugins/rye; printf '[rye]\nuser root\n' > /etc/munin/plugin-conf.d/rye; ls -la /var/lib/munin-node /var/lib/munin 2>/dev/null || true
`,
  probe: String.raw`
active munin-node; port 4949
f() { { sleep 0.3; printf 'fetch %s\nquit\n' "$1"; } | nc -w 10 127.0.0.1 4949; }
step list; holds "$({ sleep 0.3; printf 'list\nquit\n'; } | nc -w 10 127.0.0.1 4949)" cpu
step figures; for p in cpu memory df load uptime processes; do holds "$(f $p)" 'value [0-9]'; done
step "as root"; holds "$(f rye)" 'value 0'
step reload; systemctl reload munin-node 2>/dev/null || true; systemctl restart munin-node; port 4949; holds "$(f cpu)" value; logrotate -f /etc/logrotate.d/munin-node
`,
  notes: "a Perl super-server: plugins in shell and Perl under other users and root, state files, rotation",
};
