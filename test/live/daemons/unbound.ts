import type { Daemon } from "./daemon.ts";

export const unbound: Daemon = {
  name: "unbound",
  packages: ["unbound", "bind9-dnsutils", "dns-root-data", "dnsmasq-base"],
  units: ["unbound.service"],
  setup: String.raw`
cat > /etc/unbound/unbound.conf.d/bakery.conf <<'END'
server:
  interface: 127.0.0.1
  interface: ::1
  local-zone: "test." nodefault
  local-zone: "bakery.test." static
  local-data: "oven.bakery.test. A 192.0.2.7"
  domain-insecure: "other.test"
  do-not-query-localhost: no
  num-threads: 2
  verbosity: 1
  use-syslog: no
  logfile: "/var/lib/unbound/unbound.log"
  log-queries: yes
remote-control:
  control-enable: yes
  control-interface: /run/unbound.ctl
auth-zone:
  name: "zone.test."
  zonefile: "/var/lib/unbound/zone.test"
  for-downstream: yes
  for-upstream: no
forward-zone:
  name: "other.test."
  forward-addr: 127.0.0.2@5300
END
printf '$ORIGIN zone.test.\n$TTL 60\n@ SOA ns.zone.test. root.zone.test. 1 60 60 60 60\n@ NS ns.zone.test.\nns A 192.0.2.1\nloaf A 192.0.2.9\n' > /var/lib/unbound/zone.test; chown -R unbound /var/lib/unbound
`,
  probe: String.raw`
active unbound; retry 20 nc -z 127.0.0.1 53
ask() { dig +short +tries=1 +time=3 "$@"; }
step "own names over UDP, TCP, IPv6, a zone file"
same 192.0.2.7 "$(ask @127.0.0.1 oven.bakery.test)"; same 192.0.2.7 "$(ask +tcp @127.0.0.1 oven.bakery.test)"; same 192.0.2.7 "$(ask @::1 oven.bakery.test)"; same 192.0.2.9 "$(ask @127.0.0.1 loaf.zone.test)"
step "forwarding"
systemd-run -q --unit other dnsmasq -k -C /dev/null --port=5300 --listen-address=127.0.0.2 --bind-interfaces --no-resolv --address=/far.other.test/10.9.8.7 --pid-file=/run/other.pid
retry 10 sh -c 'unbound-control -q flush_zone other.test; [ "$(dig +short +tries=1 @127.0.0.1 far.other.test)" = 10.9.8.7 ]'
step "the control socket"
unbound-control status | grep 'is running' > /dev/null; unbound-control local_data mixer.bakery.test A 192.0.2.8 > /dev/null; same 192.0.2.8 "$(ask @127.0.0.1 mixer.bakery.test)"
unbound-control dump_cache | grep END_MSG_CACHE > /dev/null; holds "$(unbound-control stats_noreset)" 'total.num.queries'
step "its log in its own folder, reopened"
grep -q far.other.test /var/lib/unbound/unbound.log; mv /var/lib/unbound/unbound.log /var/lib/unbound/unbound.log.1; unbound-control log_reopen > /dev/null; ask @127.0.0.1 again.bakery.test > /dev/null || true; retry 5 grep -q again /var/lib/unbound/unbound.log
step reload
sed -i 's/192.0.2.7/192.0.2.17/' /etc/unbound/unbound.conf.d/bakery.conf; systemctl reload unbound; retry 10 sh -c '[ "$(dig +short +tries=1 @127.0.0.1 oven.bakery.test)" = 192.0.2.17 ]'
step restart
systemctl restart unbound; retry 10 sh -c '[ "$(dig +short +tries=1 @127.0.0.1 loaf.zone.test)" = 192.0.2.9 ]'
`,
  notes:
    "trust anchor helper at start, UDP, TCP, zone file, forwarding, control socket, log reopened, reload",
};
