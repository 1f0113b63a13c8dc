import type { Daemon } from "./daemon.ts";

export const bird: Daemon = {
  name: "bird",
  packages: ["bird2", "iproute2"],
  units: ["bird.service"],
  setup: String.raw`
ip link add d0 type veth peer name d1; ip link set d1 up; ip addr add 10.9.0.1/24 dev d0; ip link set d0 up
printf 'log "/var/log/bird.log" all;\nrouter id 10.9.0.1;\nprotocol device {}\nprotocol direct { ipv4; }\nprotocol kernel { ipv4 { export all; }; }\nprotocol static { ipv4; route 10.77.0.0/16 via 10.9.0.2; }\nprotocol ospf v2 { area 0 { interface "d0" { }; }; }\n' > /etc/bird/bird.conf
touch /var/log/bird.log; chown bird /var/log/bird.log
`,
  probe: String.raw`
active bird
step "route in the kernel"
retry 10 sh -c 'ip route | grep -q "10.77.0.0/16"'
step client
holds "$(birdc show ospf)" ospf1
step "reload"
sed -i 's/10.77/10.78/' /etc/bird/bird.conf; systemctl reload bird; retry 10 sh -c 'ip route | grep -q "10.78.0.0/16"'
step log
test -s /var/log/bird.log
step restart
systemctl restart bird; retry 10 sh -c 'ip route | grep -q "10.78.0.0/16"'
`,
  notes: "sets routes in the kernel, OSPF over raw sockets, client, reload",
};
