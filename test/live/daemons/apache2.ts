import type { Daemon } from "./daemon.ts";

export const apache2: Daemon = {
  name: "apache2",
  packages: ["apache2", "logrotate", "ssl-cert", "libapache2-mod-php", "python3"],
  units: ["apache2.service"],
  setup: String.raw`
a2enmod -q cgi ssl rewrite proxy proxy_http headers dav dav_fs userdir status auth_basic > /dev/null 2>&1
a2ensite -q default-ssl > /dev/null
useradd -m baker; mkdir -p /home/baker/public_html; echo homepage > /home/baker/public_html/index.html; chmod 755 /home/baker
cat > /etc/apache2/conf-available/bakery.conf <<'END'
ServerName bakery.test
Alias /dav /var/www/dav
<Directory /var/www/dav>
  Dav On
  Require all granted
</Directory>
DavLockDB /var/lib/apache2/davlock/lock
ProxyPass /back http://127.0.0.1:9003/
END
sed -i 's#^.*DocumentRoot /var/www/html#&\nRewriteEngine On\nRewriteRule ^/old$ /new.html [PT]\nCustomLog "|/usr/bin/rotatelogs /var/log/apache2/piped.log 86400" combined#' /etc/apache2/sites-available/000-default.conf
a2enconf -q bakery > /dev/null; mkdir -p /var/www/dav /var/lib/apache2/davlock; chown www-data /var/www/dav /var/lib/apache2/davlock
echo '<h1>bakery</h1>' > /var/www/html/index.html
echo '<?php preg_match("/a(b)+c/", "xabbc", $m); file_put_contents("/tmp/php-".getmypid(), "x"); echo "php-", $m[0];' > /var/www/html/p.php
printf '#!/bin/sh\necho Content-Type: text/plain; echo; id -un; echo written > /tmp/cgi && cat /tmp/cgi\n' > /usr/lib/cgi-bin/hello; chmod 755 /usr/lib/cgi-bin/hello
`,
  probe: String.raw`
active apache2; port 80
step "page, TLS, IPv6, rewritten"
holds "$(curl -sS http://127.0.0.1/)" bakery; holds "$(curl -sSk https://127.0.0.1/)" bakery; holds "$(curl -sS -g 'http://[::1]/')" bakery; echo renamed > /var/www/html/new.html; holds "$(curl -sS http://127.0.0.1/old)" renamed
step "a home page of a user"
holds "$(curl -sS http://127.0.0.1/~baker/)" homepage
step "CGI and PHP"
out=$(curl -sS http://127.0.0.1/cgi-bin/hello); holds "$out" www-data; holds "$out" written
holds "$(curl -sS http://127.0.0.1/p.php)" php-abbc
step "proxy"
systemd-run -q --unit back sh -c 'mkdir -p /srv/b; echo fromback > /srv/b/index.html; exec python3 -m http.server --bind 127.0.0.1 --directory /srv/b 9003' 
port 9003; holds "$(curl -sS http://127.0.0.1/back/)" fromback
step "WebDAV: lock, write, read"
curl -sSf -X MKCOL http://127.0.0.1/dav/d/ > /dev/null; head -c 2000000 /dev/urandom > /tmp/loaf; curl -sSf -T /tmp/loaf http://127.0.0.1/dav/d/loaf > /dev/null; cmp /tmp/loaf /var/www/dav/d/loaf
holds "$(curl -sS -X LOCK -H 'Content-Type: text/xml' --data '<?xml version="1.0"?><lockinfo xmlns="DAV:"><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>' http://127.0.0.1/dav/d/loaf)" locktoken
step "logs, plain and through a program"
retry 5 grep -q 'GET /old' /var/log/apache2/access.log; ls /var/log/apache2/piped.log* > /dev/null
step "many clients: children are forked"
for i in $(seq 1 60); do curl -sS http://127.0.0.1/p.php > /dev/null & done; wait
step "graceful reload"
before=$(cat /run/apache2/apache2.pid); echo 'Header set X-Bakery yes' > /etc/apache2/conf-enabled/h.conf; systemctl reload apache2; retry 10 sh -c 'curl -sSi http://127.0.0.1/ | grep -q X-Bakery'; same "$before" "$(cat /run/apache2/apache2.pid)"
step "log rotation"
logrotate -f /etc/logrotate.d/apache2; sleep 0.5; curl -sS http://127.0.0.1/after > /dev/null; retry 10 grep -q 'GET /after' /var/log/apache2/access.log
step "apachectl's own checks and its status"
holds "$(curl -sS http://127.0.0.1/server-status?auto)" 'BusyWorkers'
step restart
systemctl restart apache2; port 80; holds "$(curl -sS http://127.0.0.1/p.php)" php-abbc
`,
  notes:
    "TLS, user directories, CGI, embedded PHP with pattern JIT, WebDAV with locks, piped log, graceful reload, rotation",
};
