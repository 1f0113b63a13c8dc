import type { Daemon } from "./daemon.ts";

export const bind9: Daemon = {
  name: "bind9",
  packages: ["bind9", "bind9-dnsutils", "bind9-utils"],
  units: ["named.service"],
  setup: String.raw`
cat > /etc/bind/named.conf.local <<'END'
key "ddns" { algorithm hmac-sha256; secret "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"; };
zone "bakery.test" { type primary; file "/var/lib/bind/bakery.test"; allow-update { key "ddns"; }; allow-transfer { 127.0.0.1; }; };
zone "signed.test" { type primary; file "/var/lib/bind/signed.test"; dnssec-policy default; inline-signing yes; };
logging { channel q { file "/var/log/named/query.log" versions 3 size 1m; severity info; print-time yes; }; category queries { q; }; };
statistics-channels { inet 127.0.0.1 port 8053 allow { 127.0.0.1; }; };
END
install -d -o bind -g bind /var/log/named
for z in bakery signed; do printf '$TTL 60\n@ SOA ns root 1 60 60 60 60\n@ NS ns\nns A 192.0.2.1\noven A 192.0.2.7\n' > /var/lib/bind/$z.test; done; chown -R bind:bind /var/lib/bind
[ -e /etc/bind/rndc.key ] || rndc-confgen -a > /dev/null 2>&1; chown bind:bind /etc/bind/rndc.key
for f in /usr/share/dns/root.hints; do [ -e $f ] || { mkdir -p /usr/share/dns; printf '. 3600000 NS a.root.test.\na.root.test. 3600000 A 192.0.2.53\n' > $f; }; done
`,
  probe: String.raw`
active named; retry 20 nc -z 127.0.0.1 53
ask() { dig +short +tries=1 +time=3 "$@"; }
step "zones over UDP, TCP, IPv6; a transfer"
same 192.0.2.7 "$(ask @127.0.0.1 oven.bakery.test)"; same 192.0.2.7 "$(ask +tcp @127.0.0.1 oven.bakery.test)"; same 192.0.2.7 "$(ask @::1 oven.bakery.test)"; holds "$(dig @127.0.0.1 bakery.test axfr)" 'oven'
step "dynamic update, kept in a journal file"
printf 'server 127.0.0.1\nzone bakery.test\nupdate add mixer.bakery.test 60 A 192.0.2.8\nsend\n' | nsupdate -y hmac-sha256:ddns:c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0
same 192.0.2.8 "$(ask @127.0.0.1 mixer.bakery.test)"; retry 5 test -e /var/lib/bind/bakery.test.jnl
step "a zone signed by the server, keys made at run time"
retry 30 sh -c 'dig +dnssec @127.0.0.1 oven.signed.test | grep -q RRSIG'
step "control channel: status, freeze, dump, statistics"
rndc status | grep 'running' > /dev/null; rndc sync -clean; grep -q mixer /var/lib/bind/bakery.test; rndc dumpdb -all; retry 5 test -s /var/cache/bind/named_dump.db; rndc stats
holds "$(curl -sS http://127.0.0.1:8053/json/v1/status || curl -sS http://127.0.0.1:8053/)" '.'
step "query log"
rndc querylog on; ask @127.0.0.1 seen.bakery.test > /dev/null; retry 5 grep -q seen.bakery.test /var/log/named/query.log
step "a zone added and the server reloaded"
echo 'zone "new.test" { type primary; file "/var/lib/bind/new.test"; };' >> /etc/bind/named.conf.local; sed 's/192.0.2.7/192.0.2.70/' /var/lib/bind/signed.test > /var/lib/bind/new.test
systemctl reload named; retry 10 sh -c '[ "$(dig +short +tries=1 @127.0.0.1 oven.new.test)" = 192.0.2.70 ]'
step restart
systemctl restart named; retry 10 sh -c '[ "$(dig +short +tries=1 @127.0.0.1 mixer.bakery.test)" = 192.0.2.8 ]'
`,
  notes: "dynamic updates, inline signing, control channel, query log, zone added by reload",
};
