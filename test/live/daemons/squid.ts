import type { Daemon } from "./daemon.ts";

export const squid: Daemon = {
  name: "squid",
  packages: ["squid", "python3", "logrotate", "openssl"],
  units: ["squid.service"],
  setup: String.raw`
cat > /etc/squid/conf.d/bakery.conf <<'END'
shutdown_lifetime 1 seconds
cache_dir ufs /var/spool/squid 50 4 4
acl SSL_ports port 1-65535
acl Safe_ports port 1-65535
auth_param basic program /usr/lib/squid/basic_ncsa_auth /etc/squid/users
auth_param basic children 2 startup=1
acl members proxy_auth REQUIRED
acl closed url_regex /members
http_access deny closed !members
http_access allow localhost
END
sed -i 's/^http_access allow localhost$//; s/^http_access deny to_localhost$//' /etc/squid/squid.conf
printf 'baker:%s\n' "$(openssl passwd -apr1 rye)" > /etc/squid/users
echo "127.0.0.1 origin.test" >> /etc/hosts; mkdir -p /srv/o; echo origin > /srv/o/index.html; echo members > /srv/o/members; head -c 200000 /dev/urandom > /srv/o/big
`,
  probe: String.raw`
systemd-run -q --unit origin python3 -m http.server --bind 127.0.0.1 --directory /srv/o 9004; port 9004
active squid; port 3128
p() { curl -sS -x http://127.0.0.1:3128 "$@"; }
step "fetch, cached in memory and on disk"
same origin "$(p http://127.0.0.1:9004/)"; p http://127.0.0.1:9004/big | cmp - /srv/o/big; p -i http://127.0.0.1:9004/big | head -c 600 | tr -d '\0' > /tmp/head || true; retry 10 sh -c '[ -n "$(find /var/spool/squid/00 -type f)" ]'
retry 30 grep -aq 'TCP_.*HIT\|REFRESH' /var/log/squid/access.log
step "CONNECT"
holds "$(p -p http://127.0.0.1:9004/)" origin
step "names are resolved by its own resolver and the hosts file"
same origin "$(p http://origin.test:9004/)"
step "a helper program checks passwords"
holds "$(p -i http://127.0.0.1:9004/members)" ' 407 '; same members "$(p -U baker:rye http://127.0.0.1:9004/members)"
step "reconfigure"
echo 'visible_hostname oven.bakery.test' >> /etc/squid/conf.d/bakery.conf; systemctl reload squid; sleep 1; retry 20 sh -c 'curl -sSi -x http://127.0.0.1:3128 http://127.0.0.1:1/ | grep -q oven.bakery.test'
step "log rotation"
squid -k rotate; sleep 1; same origin "$(p http://127.0.0.1:9004/)"; retry 10 sh -c 'test -s /var/log/squid/access.log'; test -e /var/log/squid/access.log.0 || logrotate -f /etc/logrotate.d/squid
step "a dead worker is replaced"
pkill -9 -f '(squid-1)'; sleep 1; retry 20 curl -sSf -x http://127.0.0.1:3128 http://127.0.0.1:9004/
step restart
systemctl restart squid; port 3128; same origin "$(p http://127.0.0.1:9004/)"
`,
  notes: "disk cache, CONNECT, authentication helper, reconfigure, rotation, worker replaced",
};
