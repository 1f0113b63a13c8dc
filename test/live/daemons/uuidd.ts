import type { Daemon } from "./daemon.ts";

export const uuidd: Daemon = {
  name: "uuidd",
  packages: ["uuid-runtime", "passwd"],
  units: ["uuidd.service"],
  start: ["uuidd.socket"],
  probe: String.raw`
systemctl stop uuidd.service 2> /dev/null || true; systemctl restart uuidd.socket
step "started by its socket"
holds "$(uuidd -t)" '^[0-9a-f-]{36}$'; systemctl is-active uuidd.service > /dev/null
step "many, and in blocks"
holds "$(uuidd -t -n 500)" '[0-9a-f]{8}-'; same 40 "$(uuidd -r -n 40 | grep -cE '[0-9a-f]{8}-' || true)"; uuidgen -t > /dev/null
step "for another user"
useradd baker; su baker -c 'uuidd -t' | grep -qE '^[0-9a-f-]{36}$'
step "the clock's state is kept"
cat /var/lib/libuuid/clock*.txt | grep -q '[0-9]'; systemctl stop uuidd.service; rm -f /var/lib/libuuid/clock*.txt
step "started again by its socket"
holds "$(uuidd -t)" '^[0-9a-f-]{36}$'; systemctl is-active uuidd.service > /dev/null; cat /var/lib/libuuid/clock*.txt | grep -q '[0-9]'
`,
  notes: "socket activation, hardened as shipped, state file",
};
