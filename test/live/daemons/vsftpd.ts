import type { Daemon } from "./daemon.ts";

export const vsftpd: Daemon = {
  name: "vsftpd",
  packages: ["vsftpd", "ssl-cert", "logrotate"],
  units: ["vsftpd.service"],
  setup: String.raw`
useradd -m -s /bin/bash baker; echo baker:rye-and-wheat | chpasswd
printf 'write_enable=YES\nlocal_umask=022\nchroot_local_user=YES\nallow_writeable_chroot=YES\nxferlog_file=/var/log/vsftpd.log\nanonymous_enable=YES\nssl_enable=YES\nforce_local_data_ssl=NO\nforce_local_logins_ssl=NO\n' >> /etc/vsftpd.conf
echo anonymous > /srv/ftp/hello 2> /dev/null || { mkdir -p /srv/ftp; echo anonymous > /srv/ftp/hello; }
`,
  probe: String.raw`
active vsftpd; port 21
f() { curl -sS --user baker:rye-and-wheat "$@"; }
step "a user's login through PAM; upload, list, fetch, rename, delete"
head -c 500000 /dev/urandom > /tmp/loaf; f -T /tmp/loaf ftp://127.0.0.1/loaf; cmp /tmp/loaf /home/baker/loaf; same baker "$(stat -c %U /home/baker/loaf)"
holds "$(f ftp://127.0.0.1/)" loaf; f ftp://127.0.0.1/loaf | cmp - /tmp/loaf
f -Q 'RNFR loaf' -Q 'RNTO bread' ftp://127.0.0.1/ > /dev/null; test -e /home/baker/bread; f -Q 'DELE bread' ftp://127.0.0.1/ > /dev/null; test ! -e /home/baker/bread
step "active mode: the server connects from port 20"
f -T /tmp/loaf -P - ftp://127.0.0.1/active; cmp /tmp/loaf /home/baker/active
step "over TLS"
f --ssl-reqd -k ftp://127.0.0.1/active | cmp - /tmp/loaf
step "anonymous"
same anonymous "$(curl -sS ftp://127.0.0.1/hello)"
step "a wrong password is refused, and there is no way out of home"
if curl -sS --user baker:wrong ftp://127.0.0.1/ > /dev/null 2>&1; then fail "let in"; fi
if f ftp://127.0.0.1//etc/passwd 2> /dev/null | grep root; then fail "left home"; fi
step "log"
retry 5 grep -q 'OK UPLOAD' /var/log/vsftpd.log
step restart
systemctl restart vsftpd; port 21; f ftp://127.0.0.1/ > /dev/null
`,
  notes: "PAM login, chroot to home, both data modes, TLS, anonymous",
};
