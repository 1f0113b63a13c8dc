import type { Daemon } from "./daemon.ts";

export const exim4: Daemon = {
  name: "exim4",
  packages: ["passwd", "exim4-daemon-light", "bsd-mailx", "logrotate", "procps"],
  units: ["exim4.service"],
  setup: String.raw`
useradd -m -s /bin/bash baker; useradd -m miller
sed -i "s/^dc_localdelivery=.*/dc_localdelivery='maildir_home'/; s/^dc_other_hostnames=.*/dc_other_hostnames='bakery.test'/" /etc/exim4/update-exim4.conf.conf
echo bakery.test > /etc/mailname
useradd -m oven; echo '|/usr/local/bin/oven' > /home/oven/.forward; chown oven: /home/oven/.forward
printf '#!/bin/sh\numask 022; cat > /home/oven/oven; id -un > /home/oven/oven-user\n' > /usr/local/bin/oven; chmod 755 /usr/local/bin/oven
echo miller@bakery.test > /home/baker/.forward; chown baker /home/baker/.forward
update-exim4.conf || true
`,
  probe: String.raw`
active exim4; port 25
step "smtp"
smtp() { python3 -c "
import socket,sys
s=socket.create_connection(('127.0.0.1',25));f=s.makefile('rw',newline='\r\n')
def c(l):
    f.write(l+'\n');f.flush();r=f.readline()
    while r[3:4]=='-': r=f.readline()
    if r[0] not in '23': sys.exit(l+': '+r)
r=f.readline()
c('EHLO x');c('MAIL FROM:<a@bakery.test>');c('RCPT TO:<'+sys.argv[1]+'>');c('DATA');f.write('Subject: hi\n\n'+sys.argv[2]+'\n');c('.');c('QUIT')" "$@"; }
smtp miller@bakery.test direct; retry 20 sh -c 'grep -rq direct /home/miller/Maildir/new'
step "forward in a home"
smtp baker@bakery.test forwarded; retry 20 sh -c 'grep -rq forwarded /home/miller/Maildir/new'
step "forward to a program"
smtp oven@bakery.test bread; retry 20 sh -c 'grep -q bread /home/oven/oven'; same oven "$(cat /home/oven/oven-user)"
step "sendmail by a user"
su baker -c 'echo local | mail -s local miller@bakery.test'; retry 20 sh -c 'grep -rq "Subject: local" /home/miller/Maildir/new'
step "owner"
same miller "$(stat -c %U "$(find /home/miller/Maildir/new -type f | head -1)")"
step "reload and rotation"
systemctl reload exim4; sleep 1; port 25; logrotate -f /etc/logrotate.d/exim4-base; smtp miller@bakery.test after; retry 20 sh -c 'grep -rq after /home/miller/Maildir/new'
step restart
systemctl restart exim4; port 25; smtp miller@bakery.test again; retry 20 sh -c 'grep -rq again /home/miller/Maildir/new'
`,
  notes: "SMTP and sendmail to a Maildir, forwarding files and programs in homes, reload, rotation",
};
