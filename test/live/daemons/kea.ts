import type { Daemon } from "./daemon.ts";

export const kea: Daemon = {
  name: "kea",
  packages: ["kea-dhcp4-server", "kea-ctrl-agent", "iproute2", "udhcpc", "python3"],
  units: ["kea-dhcp4-server.service"],
  setup: String.raw`
ip link add veth0 type veth peer name veth1; ip addr add 10.9.0.1/24 dev veth0; ip link set veth0 up
printf '{"Dhcp4":{"interfaces-config":{"interfaces":["veth0"],"service-sockets-max-retries":5},"control-socket":{"socket-type":"unix","socket-name":"/run/kea/kea4-ctrl-socket"},"lease-database":{"type":"memfile","lfc-interval":3600},"valid-lifetime":600,"subnet4":[{"id":1,"subnet":"10.9.0.0/24","pools":[{"pool":"10.9.0.100 - 10.9.0.120"}]}],"loggers":[{"name":"kea-dhcp4","output_options":[{"output":"/var/log/kea/kea-dhcp4.log"}],"severity":"INFO"}]}}' > /etc/kea/kea-dhcp4.conf
`,
  probe: String.raw`
active kea-dhcp4-server
step "lease"
ip netns add c; ip link set veth1 netns c; ip netns exec c ip link set veth1 up; sleep 1
printf '#!/bin/sh\n[ "$1" = bound ] && echo $ip > /root/lease\n' > /root/s.sh; chmod 755 /root/s.sh
ip netns exec c udhcpc -i veth1 -n -q -t 10 -s /root/s.sh; holds "$(cat /root/lease)" 10.9.0
step "lease on disk"
grep -q 10.9.0 /var/lib/kea/kea-leases4.csv
step "control socket"
python3 - <<'P'
import socket
s=socket.socket(socket.AF_UNIX); s.connect('/run/kea/kea4-ctrl-socket'); s.sendall(b'{"command":"config-write","arguments":{"filename":"/var/lib/kea/x.json"}}'); print(s.recv(9000))
s=socket.socket(socket.AF_UNIX); s.connect('/run/kea/kea4-ctrl-socket'); s.sendall(b'{"command":"leases-reclaim","arguments":{"remove":true}}'); print(s.recv(9000))
P
step "log, reload"
test -s /var/log/kea/kea-dhcp4.log; kill -HUP "$(mainpid kea-dhcp4-server)"; sleep 1
ip netns exec c udhcpc -i veth1 -n -q -t 10 -s /root/s.sh
step restart
systemctl restart kea-dhcp4-server; sleep 1; ip netns exec c udhcpc -i veth1 -n -q -t 10 -s /root/s.sh
`,
  notes: "leases over packet sockets to a client in another network namespace, control socket, reload",
};
