import type { Daemon } from "./daemon.ts";

export const lighttpd: Daemon = {
  name: "lighttpd",
  packages: [
    "lighttpd",
    "logrotate",
    "perl-base",
    "openssl",
    "lighttpd-mod-openssl",
    "passwd",
    "media-types",
  ],
  units: ["lighttpd.service"],
  setup: String.raw`
lighty-enable-mod cgi accesslog userdir status > /dev/null
printf '\nserver.modules += ("mod_deflate")\ndeflate.mimetypes = ("text/plain")\ndeflate.cache-dir = "/var/cache/lighttpd/compress"\n' > /etc/lighttpd/conf-enabled/99-bakery.conf
rm -f /etc/lighttpd/conf-enabled/*deflate*
useradd -m baker; mkdir -p /home/baker/public_html /usr/lib/cgi-bin; echo homepage > /home/baker/public_html/index.html; chmod 755 /home/baker
echo bakery > /var/www/html/index.html; seq 1 5000 > /var/www/html/n.txt
printf '#!/bin/sh\necho Content-Type: text/plain; echo; id -un; wc -c\n' > /usr/lib/cgi-bin/count; printf '#!/usr/bin/perl\nprint "Content-Type: text/plain\\n\\nperl ", 6*7, "\\n";\n' > /usr/lib/cgi-bin/answer; chmod 755 /usr/lib/cgi-bin/*
`,
  probe: String.raw`
active lighttpd; port 80
step "page, home page, compressed"
holds "$(curl -sS http://127.0.0.1/index.html)" bakery; holds "$(curl -sS http://127.0.0.1/~baker/index.html)" homepage; same 5000 "$(curl -sS --compressed http://127.0.0.1/n.txt | tail -1)"
step "programs: shell and Perl, with a large body through a temporary file"
head -c 3000000 /dev/zero > /tmp/body; out=$(curl -sS --data-binary @/tmp/body http://127.0.0.1/cgi-bin/count); holds "$out" www-data; holds "$out" 3000000; holds "$(curl -sS http://127.0.0.1/cgi-bin/answer)" 'perl 42'
step "log and status"
retry 10 sh -c 'curl -sS http://127.0.0.1/server-status > /dev/null; systemctl kill -s HUP lighttpd; grep -q cgi-bin /var/log/lighttpd/access.log'
step "rotation"
logrotate -f /etc/logrotate.d/lighttpd; sleep 0.5; curl -sS http://127.0.0.1/after > /dev/null; retry 10 sh -c 'systemctl kill -s HUP lighttpd; grep -q after /var/log/lighttpd/access.log'
step "reload takes up a change"
printf 'setenv.add-response-header = ("X-Bakery" => "yes")\nserver.modules += ("mod_setenv")\n' > /etc/lighttpd/conf-enabled/98-h.conf; systemctl reload lighttpd; retry 15 sh -c 'curl -sSi http://127.0.0.1/ | grep -q X-Bakery'
step restart
systemctl restart lighttpd; port 80; holds "$(curl -sS http://127.0.0.1/cgi-bin/answer)" 'perl 42'
`,
  notes:
    "CGI in shell and Perl with large bodies, user pages, compression cache, rotation, reload by angel-less restart",
};
