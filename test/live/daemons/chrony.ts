import type { Daemon } from "./daemon.ts";

export const chrony: Daemon = {
  name: "chrony",
  packages: ["chrony", "logrotate"],
  units: ["chrony.service"],
  setup: String.raw`
# Its unit has ConditionCapability=CAP_SYS_TIME; the clock is the machine's, so the daemon is told not to set it (-x).
rm -f /etc/chrony/sources.d/* ; sed -i '/^pool/d; /^sourcedir/d; /^rtcsync/d; /^makestep/d' /etc/chrony/chrony.conf
sed -i 's/^DAEMON_OPTS=.*/DAEMON_OPTS="-F 1 -x"/' /etc/default/chrony
printf 'allow 127.0.0.0/8\nlocal stratum 5\nlog measurements tracking statistics\nserver 127.0.0.2 port 1123 minpoll 0 maxpoll 0 iburst\nsourcedir /etc/chrony/sources.d\ndumpdir /var/lib/chrony\nbindcmdaddress /run/chrony/chronyd.sock\n' >> /etc/chrony/chrony.conf
mkdir -p /etc/chrony/sources.d /etc/chrony/other; printf 'port 1123\ncmdport 0\nbindaddress 127.0.0.2\nlocal stratum 3\nallow\npidfile /run/other-chrony.pid\nbindcmdaddress /\n' > /etc/chrony/other/other.conf
`,
  probe: String.raw`
active chrony
step "it talks over its socket and serves time"
retry 10 sh -c 'chronyc -n tracking | grep -q Stratum'
retry 10 sh -c 'chronyc -n serverstats | grep -q "NTP packets received"'
step "another server is measured"
systemd-run -q --unit other chronyd -x -d -F 0 -f /etc/chrony/other/other.conf; retry 30 sh -c 'chronyc -n sources | grep -q "\^\*.*127.0.0.2"'
step "its logs and its drift file"
retry 20 test -s /var/log/chrony/measurements.log; chronyc cyclelogs > /dev/null; chronyc dump > /dev/null
ls /var/lib/chrony/*.dat > /dev/null
step "sources are reloaded"
echo 'server 127.0.0.3 port 1124' > /etc/chrony/sources.d/x.sources; chronyc reload sources > /dev/null; retry 5 sh -c 'chronyc -n sources -a | grep -q 127.0.0.3'
step "configuration over the socket"
chronyc -a 'add server 127.0.0.4' > /dev/null; chronyc -n sources -a | grep 127.0.0.4 > /dev/null
step restart
systemctl restart chrony; retry 30 sh -c 'chronyc -n sources | grep -q "\^\*.*127.0.0.2"'
`,
  notes:
    "measures a second server, logs, dumps, control socket; the clock itself is not set, since it is the machine's",
};
