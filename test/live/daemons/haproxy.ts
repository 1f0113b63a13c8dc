import type { Daemon } from "./daemon.ts";

export const haproxy: Daemon = {
  name: "haproxy",
  packages: ["haproxy", "socat", "logrotate", "python3", "openssl"],
  units: ["haproxy.service"],
  setup: String.raw`
cd /root; openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=bakery -keyout k -out c -days 9 2> /dev/null; mkdir -p /etc/haproxy/certs; cat c k > /etc/haproxy/certs/bakery.pem
cat >> /etc/haproxy/haproxy.cfg <<'END'

frontend shop
  bind 127.0.0.1:8000
  bind [::1]:8000
  bind 127.0.0.1:8443 ssl crt /etc/haproxy/certs/bakery.pem
  bind /run/haproxy/shop.sock mode 666
  default_backend ovens
backend ovens
  balance roundrobin
  option httpchk GET /
  server one 127.0.0.1:9001 check inter 200
  server two 127.0.0.1:9002 check inter 200
END
`,
  probe: String.raw`
for p in 9001 9002; do mkdir -p /srv/$p; echo oven-$p > /srv/$p/index.html; systemd-run -q --unit oven-$p python3 -m http.server --bind 127.0.0.1 --directory /srv/$p $p; done
active haproxy; port 8000; port 9001; port 9002
ctl() { echo "$@" | socat - /run/haproxy/admin.sock; }
step "balances over both servers, IPv4, IPv6, TLS, UNIX"
both() { o=$(for i in 1 2 3 4; do curl -sSf http://127.0.0.1:8000/; done); grep -q oven-9001 <<<"$o" && grep -q oven-9002 <<<"$o"; }
retry 10 both
holds "$(curl -sS -g 'http://[::1]:8000/')" oven
holds "$(curl -sSk https://127.0.0.1:8443/)" oven
holds "$(curl -sS --unix-socket /run/haproxy/shop.sock http://x/)" oven
step "the admin socket"
holds "$(ctl show info)" 'Uptime'
ctl disable server ovens/one > /dev/null
holds "$(ctl show stat)" 'ovens,one.*MAINT'; ctl enable server ovens/one > /dev/null
step "a health check takes a dead server out"
systemctl stop oven-9002; retry 10 sh -c 'echo show stat | socat - /run/haproxy/admin.sock | grep -q "ovens,two.*DOWN"'
same oven-9001 "$(curl -sSf http://127.0.0.1:8000/)"
step "its messages reach the journal from inside the chroot"
retry 10 sh -c 'journalctl --no-pager -t haproxy | grep -q "shop.* ovens/"'
step "reload: a new worker, the old one ends, no request is lost"
before=$(mainpid haproxy); sed -i 's/127.0.0.1:8000/127.0.0.1:8010/' /etc/haproxy/haproxy.cfg
systemctl reload haproxy; port 8010; retry 10 curl -sSf http://127.0.0.1:8010/; same "$before" "$(mainpid haproxy)"
step "reload refuses nonsense and serves on"
echo 'nonsense' >> /etc/haproxy/haproxy.cfg; systemctl reload haproxy || true; curl -sSf http://127.0.0.1:8010/ > /dev/null; sed -i '$d' /etc/haproxy/haproxy.cfg
step restart
systemctl restart haproxy; port 8010; retry 10 curl -sSf http://127.0.0.1:8010/
`,
  notes:
    "health checks, TLS, UNIX frontends, admin socket, logging from the chroot, reload with a new worker",
};
