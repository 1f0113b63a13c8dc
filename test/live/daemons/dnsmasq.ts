import type { Daemon } from "./daemon.ts";

export const dnsmasq: Daemon = {
  name: "dnsmasq",
  packages: ["dnsmasq", "bind9-dnsutils", "busybox"],
  units: ["dnsmasq.service"],
  setup: String.raw`
ip link add lan0 type veth peer name guest0
ip netns add guest; ip link set guest0 netns guest
ip addr add 192.168.77.1/24 dev lan0; ip link set lan0 up
ip netns exec guest ip link set lo up; ip netns exec guest ip link set guest0 up
mkdir -p /srv/tftp; echo kernel > /srv/tftp/boot.img
cat > /etc/dnsmasq.d/bakery.conf <<'END'
interface=lan0
bind-dynamic
domain=bakery.test
expand-hosts
local=/bakery.test/
address=/oven.bakery.test/192.168.77.50
dhcp-range=192.168.77.100,192.168.77.150,1h
dhcp-option=option:router,192.168.77.1
dhcp-authoritative
dhcp-host=02:00:00:00:00:77,counter,192.168.77.120
addn-hosts=/etc/dnsmasq.hosts
enable-tftp
tftp-root=/srv/tftp
log-queries
server=/other.test/127.0.0.2#5300
END
echo '192.168.77.60 mixer' > /etc/dnsmasq.hosts
cat > /etc/dnsmasq.second.conf <<'END'
END
`,
  probe: String.raw`
active dnsmasq
ask() { dig +short +tries=1 +time=2 @127.0.0.1 "$@"; }
retry 10 dig +tries=1 +time=1 @127.0.0.1 oven.bakery.test
step "names over UDP and TCP"
same 192.168.77.50 "$(ask oven.bakery.test)"; same 192.168.77.60 "$(ask mixer.bakery.test)"; same 192.168.77.60 "$(ask +tcp mixer.bakery.test)"
same 192.168.77.50 "$(dig +short @192.168.77.1 oven.bakery.test)"
step "forwarding to another server"
systemd-run -q --unit other dnsmasq -k -C /dev/null --port=5300 --listen-address=127.0.0.2 --bind-interfaces --no-resolv --address=/far.other.test/10.9.8.7 --pid-file=/run/other.pid
retry 10 sh -c '[ "$(dig +short +tries=1 @127.0.0.1 far.other.test)" = 10.9.8.7 ]'
step "a guest gets a lease, with its name"
ip netns exec guest busybox udhcpc -i guest0 -n -q -t 5 -s /bin/true -x hostname:apprentice 2>&1 | tee /tmp/lease; grep -q 'lease of 192.168.77.1' /tmp/lease
fileholds /var/lib/misc/dnsmasq.leases apprentice
holds "$(ask apprentice.bakery.test)" '192.168.77.1'
step "TFTP"
(cd /tmp && busybox tftp -g -r boot.img 192.168.77.1); grep -q kernel /tmp/boot.img
step "reload reads the hosts again"
echo '192.168.77.61 scale' >> /etc/dnsmasq.hosts; systemctl reload dnsmasq; retry 5 sh -c '[ "$(dig +short @127.0.0.1 scale.bakery.test)" = 192.168.77.61 ]'
step "figures and log on signals"
kill -USR1 "$(mainpid dnsmasq)"; retry 5 sh -c 'journalctl --no-pager -t dnsmasq | grep -q "cache size"'
kill -USR2 "$(mainpid dnsmasq)"
step "an address that comes later is served"
ip addr add 192.168.77.2/24 dev lan0; retry 10 sh -c '[ "$(dig +short +tries=1 +time=1 @192.168.77.2 oven.bakery.test)" = 192.168.77.50 ]'
step "restart keeps leases"
systemctl restart dnsmasq; retry 10 sh -c 'dig +short +tries=1 @127.0.0.1 apprentice.bakery.test | grep -q 192.168.77.1'
`,
  notes:
    "UDP, TCP, forwarding, DHCP to a client in another network namespace, TFTP, reload, signals, interfaces that change, leases over a restart",
};
