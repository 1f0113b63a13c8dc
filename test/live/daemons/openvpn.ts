import type { Daemon } from "./daemon.ts";

export const openvpn: Daemon = {
  name: "openvpn",
  packages: ["openvpn", "openssl", "iputils-ping"],
  units: ["openvpn-server@bakery.service"],
  setup: String.raw`
cd /etc/openvpn/server
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=ca -keyout ca.key -out ca.crt -days 9 2> /dev/null
for n in server client; do openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=$n -keyout $n.key -out $n.csr 2> /dev/null; openssl x509 -req -in $n.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out $n.crt -days 9 2> /dev/null; done
cat > bakery.conf <<'END'
port 1194
proto udp
dev tun0
ca ca.crt
cert server.crt
key server.key
dh none
topology subnet
server 10.77.0.0 255.255.255.0
push "route 10.99.0.0 255.255.255.0"
route 10.88.0.0 255.255.255.0
keepalive 1 4
user nobody
group nogroup
persist-key
persist-tun
ifconfig-pool-persist /var/lib/openvpn-pool.txt
status /run/openvpn-server/status.log 1
client-connect /etc/openvpn/connected
script-security 2
management /run/openvpn-server/bakery.mgmt unix
END
sed -i 's#/var/lib/openvpn-pool.txt#/etc/openvpn/server/pool.txt#' bakery.conf
printf '#!/bin/sh\necho "$common_name" >> /tmp/openvpn-connected\nexit 0\n' > /etc/openvpn/connected; chmod 755 /etc/openvpn/connected
ip netns add guest; ip link add lan0 type veth peer name guest0; ip link set guest0 netns guest; ip addr add 192.168.80.1/24 dev lan0; ip link set lan0 up
ip netns exec guest ip addr add 192.168.80.2/24 dev guest0; ip netns exec guest ip link set guest0 up; ip netns exec guest ip link set lo up
`,
  probe: String.raw`
active openvpn-server@bakery; retry 10 ip link show tun0
step "the interface and the route are made"
ip addr show tun0 | grep 10.77.0.1 > /dev/null; ip route | grep '10.88.0.0/24' > /dev/null
step "a client in another network connects and data passes"
cd /etc/openvpn/server
systemd-run -q --unit guest-client -p WorkingDirectory=/etc/openvpn/server ip netns exec guest openvpn --client --dev tun9 --proto udp --remote 192.168.80.1 1194 --nobind --ca ca.crt --cert client.crt --key client.key
retry 30 sh -c 'ip netns exec guest ip addr show tun9 2> /dev/null | grep -q 10.77.0'
retry 15 ip netns exec guest ping -c 1 -W 1 10.77.0.1
ip netns exec guest ip route | grep 10.99.0.0 > /dev/null
step "a script was called for the client"
retry 5 sh -c 'for each in $(pidof openvpn); do cat /proc/$each/root/tmp/openvpn-connected 2> /dev/null; done | grep -q client'
step "status file, management socket, the pool"
retry 10 grep -qs client /run/openvpn-server/status.log /run/openvpn-server/status-bakery.log
test -S /run/openvpn-server/bakery.mgmt; (printf 'status\n'; sleep 1; printf 'quit\n') | timeout 5 nc -U /run/openvpn-server/bakery.mgmt > /tmp/mgmt || true; grep -q client /tmp/mgmt
step "soft restart by signal, as its own user"
kill -USR1 "$(mainpid openvpn-server@bakery)"; sleep 2; retry 40 ip netns exec guest ping -c 1 -W 1 10.77.0.1
step restart
systemctl restart openvpn-server@bakery; retry 60 ip netns exec guest ping -c 1 -W 1 10.77.0.1
`,
  notes:
    "template; makes an interface and routes, drops to nobody, script per client, management socket, soft restart; a client in another network namespace",
};
