import type { Daemon } from "./daemon.ts";

export const nginx: Daemon = {
  name: "nginx",
  packages: ["nginx", "libnginx-mod-stream", "logrotate"],
  units: ["nginx.service"],
  setup: String.raw`
cat > /etc/nginx/sites-available/default <<'END'
proxy_cache_path /var/cache/nginx levels=1:2 keys_zone=shop:1m;
server {
  listen 80 default_server;
  listen [::]:80 default_server;
  root /var/www/html;
  index index.html;
  client_body_buffer_size 1k;
  location /gz { gzip on; gzip_types *; gzip_min_length 1; root /srv; }
  location /upload/ { root /var/www; dav_methods PUT; create_full_put_path on; client_max_body_size 8m; }
  location /cached/ { proxy_pass http://127.0.0.1:8081/; proxy_cache shop; proxy_cache_valid 200 10m; add_header X-Cache $upstream_cache_status; }
  location /unix/ { proxy_pass http://unix:/run/backend.sock:/; }
}
server { listen 127.0.0.1:8081; location / { return 200 "backend $uri\n"; } }
server { listen unix:/run/backend.sock; location / { return 200 "unix\n"; } }
END
mkdir -p /var/www/upload /srv/gz /var/cache/nginx
chown www-data /var/www/upload
echo '<h1>bakery</h1>' > /var/www/html/index.html
seq 1 2000 > /srv/gz/numbers.txt
`,
  probe: String.raw`
active nginx; port 80
step "static page, IPv4 and IPv6"
holds "$(curl -sS http://127.0.0.1/)" bakery
holds "$(curl -sS -g 'http://[::1]/')" bakery
step "compressed file from /srv"
same "$(tail -1 /srv/gz/numbers.txt)" "$(curl -sS --compressed http://127.0.0.1/gz/numbers.txt | tail -1)"
step "upload through a temporary file"
head -c 3000000 /dev/urandom > /tmp/loaf
retry 5 curl -sSf -T /tmp/loaf http://127.0.0.1/upload/a/loaf
cmp /tmp/loaf /var/www/upload/a/loaf
step "proxy, cached on disk"
holds "$(curl -sS http://127.0.0.1/cached/rye)" 'backend /rye'
holds "$(curl -sSi http://127.0.0.1/cached/rye)" 'X-Cache: HIT'
[ -n "$(find /var/cache/nginx -type f)" ] || fail "no cache file"
holds "$(curl -sS http://127.0.0.1/unix/x)" unix
step "the log"
fileholds /var/log/nginx/access.log 'GET /cached/rye'
step "reload with a changed page and port"
before=$(mainpid nginx)
sed -i 's/listen 127.0.0.1:8081/listen 127.0.0.1:8082/; s/127.0.0.1:8081/127.0.0.1:8082/' /etc/nginx/sites-available/default
systemctl reload nginx; port 8082
holds "$(curl -sS http://127.0.0.1/cached/new)" 'backend /new'
same "$before" "$(mainpid nginx)"
step "log rotation as logrotate does it"
sleep 0.3; logrotate -f /etc/logrotate.d/nginx; sleep 0.3
curl -sS http://127.0.0.1/after-rotation > /dev/null || true
retry 5 grep -q after-rotation /var/log/nginx/access.log
step "a broken configuration does not end it"
echo 'nonsense;' > /etc/nginx/conf.d/bad.conf
if systemctl reload nginx; then fail "reload accepted nonsense"; fi
rm /etc/nginx/conf.d/bad.conf
holds "$(curl -sS http://127.0.0.1/)" bakery
step "binary upgrade in place (USR2)"
kill -USR2 "$before"; retry 10 test -e /run/nginx.pid.oldbin; retry 10 test -s /run/nginx.pid
kill -QUIT "$(cat /run/nginx.pid)"; retry 10 test ! -e /run/nginx.pid.oldbin
step restart
systemctl restart nginx; port 80
holds "$(curl -sS http://127.0.0.1/)" bakery
`,
  notes:
    "both families, compression, upload through a temporary file, proxy with a disk cache, UNIX upstream, reload, logrotate, refused configuration, in-place upgrade",
};
