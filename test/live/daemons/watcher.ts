import type { Daemon } from "./daemon.ts";

export const watcher: Daemon = {
  name: "watcher",
  packages: ["iproute2"],
  units: ["watcher.service"],
  setup: String.raw`
cat > /usr/local/sbin/watcher <<'X'
#!/bin/sh
PIDFILE=/run/watcher.pid
STATE=/var/lib/watcher
echo $$ > $PIDFILE
mkdir -p $STATE
ulimit -n 2048
check() {
  if ! systemctl is-active --quiet "$1"; then systemctl restart "$1"; echo "$(date) restarted $1" >> /var/log/watcher.log; fi
}
while :; do
  check cellar.service
  free -m > $STATE/mem; df -P > $STATE/df; ps axo pid,comm > $STATE/ps; ip -o addr > $STATE/addr; ss -ltn > $STATE/ss
  find /etc -newer $STATE/mem > $STATE/new 2>/dev/null
  sleep 1
done
X
chmod 755 /usr/local/sbin/watcher
printf '[Service]\nExecStart=/bin/sleep infinity\n' > /etc/systemd/system/cellar.service
printf '[Service]\nExecStart=/usr/local/sbin/watcher\nLimitNOFILE=4096\n' > /etc/systemd/system/watcher.service
`,
  probe: String.raw`
active watcher
step "restarts another"; active cellar; systemctl kill -s KILL cellar; sleep 0.3; retry 5 systemctl -q is-active cellar; retry 5 grep -q restarted /var/log/watcher.log
step figures; retry 5 grep -q Mem /var/lib/watcher/mem; grep -q systemd /var/lib/watcher/ps; grep -q 127.0.0.1 /var/lib/watcher/addr; grep -q State /var/lib/watcher/ss; grep -q / /var/lib/watcher/df
`,
  notes: "a shell loop that restarts other services and writes what ps, ss, ip, free and df say",
};
