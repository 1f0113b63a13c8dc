import type { Daemon } from "./daemon.ts";

export const lldpd: Daemon = {
  name: "lldpd",
  packages: ["lldpd", "iproute2"],
  units: ["lldpd.service"],
  setup: String.raw`
ip link add veth0 type veth peer name veth1; ip link set veth0 up; ip netns add c; ip link set veth1 netns c; ip netns exec c ip link set veth1 up
`,
  probe: String.raw`
active lldpd
step client
retry 10 lldpcli show chassis; holds "$(lldpcli show interfaces)" veth0
step "sends"
retry 10 sh -c "lldpcli update; lldpcli show statistics ports veth0 | grep -E 'Transmitted: +[1-9]'"
step configure
lldpcli configure lldp tx-interval 5; lldpcli configure system description bakery; holds "$(lldpcli show chassis)" bakery
step restart
systemctl restart lldpd; retry 10 lldpcli show chassis
`,
  notes: "packet sockets on every link, privilege separation, client",
};
