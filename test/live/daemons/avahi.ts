import type { Daemon } from "./daemon.ts";

export const avahi: Daemon = {
  name: "avahi-daemon",
  packages: ["avahi-daemon", "avahi-utils", "libnss-mdns"],
  units: ["avahi-daemon.service"],
  setup: String.raw`
ip link add lan0 type veth peer name guest0; ip addr add 192.168.78.1/24 dev lan0; ip link set lan0 up; ip link set guest0 up
cat > /etc/avahi/services/bakery.service <<'END'
<?xml version="1.0" standalone='no'?>
<!DOCTYPE service-group SYSTEM "avahi-service.dtd">
<service-group><name>Bakery</name><service><type>_http._tcp</type><port>80</port></service></service-group>
END
echo '192.168.78.9 mixer.local' >> /etc/avahi/hosts
`,
  probe: String.raw`
active avahi-daemon
step "a service file is announced"
retry 15 sh -c 'timeout 5 avahi-browse -tpr _http._tcp | grep -q Bakery'
step "its own name and a static one, through D-Bus and through the resolver's module"
retry 15 sh -c 'timeout 5 avahi-resolve -4 -n live.local | grep -q 192.168.78.1'; retry 10 sh -c 'timeout 5 avahi-resolve -4 -n mixer.local | grep -q 192.168.78.9'
retry 10 sh -c 'getent hosts live.local | grep -q 192.168.78'
step "a program publishes over D-Bus"
systemd-run -q --unit publish avahi-publish -s Loaf _ftp._tcp 21; retry 15 sh -c 'timeout 5 avahi-browse -tp _ftp._tcp | grep -q Loaf'
step "host name set over D-Bus"
avahi-set-host-name counter > /dev/null; retry 10 sh -c 'timeout 5 avahi-resolve -4 -n counter.local | grep -q 192.168.78.1'
step "reload reads a new service"
sed 's/Bakery/Mill/; s/_http/_ipp/' /etc/avahi/services/bakery.service > /etc/avahi/services/mill.service; systemctl reload avahi-daemon; retry 15 sh -c 'timeout 5 avahi-browse -tp _ipp._tcp | grep -q Mill'
step "an interface that comes later"
ip addr add 192.168.79.1/24 dev guest0; sleep 1; retry 15 sh -c 'journalctl --no-pager -u avahi-daemon | grep "guest0.IPv4" > /dev/null'
step "started again by its bus name"
systemctl restart avahi-daemon; retry 15 sh -c 'timeout 5 avahi-browse -tp _http._tcp | grep -q Bakery'
`,
  notes: "D-Bus clients, multicast, netlink changes, chroot helper, reload",
};
