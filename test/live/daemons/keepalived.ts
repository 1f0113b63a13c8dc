import type { Daemon } from "./daemon.ts";

export const keepalived: Daemon = {
  name: "keepalived",
  packages: ["keepalived", "iproute2", "procps"],
  units: ["keepalived.service"],
  setup: String.raw`
ip link add veth0 type veth peer name veth1; ip addr add 10.9.0.1/24 dev veth0; ip link set veth0 up; ip link set veth1 up
printf 'global_defs {\n script_user root\n enable_script_security\n}\nvrrp_script chk { script "/usr/local/bin/chk"\n interval 1\n }\nvrrp_instance b {\n state MASTER\n interface veth0\n virtual_router_id 51\n priority 100\n advert_int 1\n virtual_ipaddress { 10.9.0.50/24 }\n track_script { chk }\n notify "/usr/local/bin/note"\n}\n' > /etc/keepalived/keepalived.conf
printf '#!/bin/sh\nexit 0\n' > /usr/local/bin/chk; printf '#!/bin/sh\necho "$@" >> /var/log/note\n' > /usr/local/bin/note; chmod 755 /usr/local/bin/*
`,
  probe: String.raw`
active keepalived
step "address taken"
retry 15 sh -c 'ip addr show dev veth0 | grep -q 10.9.0.50'
step "notify script"
retry 5 grep -q MASTER /var/log/note
step reload
systemctl reload keepalived; sleep 2; retry 15 sh -c 'ip addr show dev veth0 | grep -q 10.9.0.50'
step "data dump"
kill -USR1 "$(mainpid keepalived)"; retry 5 sh -c 'ls /tmp/keepalived.data* /tmp/systemd-private-*keepalived*/tmp/keepalived.data* 2>/dev/null | grep -q .'
step stop
systemctl stop keepalived; if ip addr show dev veth0 | grep -q 10.9.0.50; then fail "address left"; fi
`,
  notes: "takes an address, track and notify scripts, data dump, gives the address back",
};
