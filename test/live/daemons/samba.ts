import type { Daemon } from "./daemon.ts";

export const samba: Daemon = {
  name: "samba",
  packages: ["passwd", "samba", "smbclient"],
  units: ["smbd.service", "nmbd.service"],
  setup: String.raw`
ip link add d0 type veth peer name d1; ip link set d1 up; ip addr add 10.9.0.1/24 brd + dev d0; ip link set d0 up; useradd -m baker; printf 'rye\nrye\n' | smbpasswd -a -s baker; mkdir -p /srv/share /opt/drop; chmod 777 /srv/share; chown baker /opt/drop
printf '[global]\nworkgroup = BAKERY\nserver role = standalone server\nlog file = /var/log/samba/log.%%m\nmap to guest = bad user\nload printers = no\nprinting = bsd\nmax log size = 100\n[homes]\nread only = no\n[share]\npath = /srv/share\nguest ok = yes\nread only = no\n[drop]\npath = /opt/drop\nread only = no\nroot preexec = /usr/local/bin/pre %%u\n' > /etc/samba/smb.conf
printf '#!/bin/sh\necho $1 >> /var/lib/samba/pre\n' > /usr/local/bin/pre; chmod 755 /usr/local/bin/pre
`,
  probe: String.raw`
active smbd; port 445
head -c 3000000 /dev/urandom > /root/loaf
step "home"
smbclient -q //127.0.0.1/baker rye -U baker -c 'put /root/loaf loaf; mkdir d; ls' >/dev/null; cmp /root/loaf /home/baker/loaf; same baker "$(stat -c %U /home/baker/loaf)"
step "guest"
smbclient -q -N //127.0.0.1/share -c 'put /root/loaf loaf; get loaf /root/back; del loaf' >/dev/null; cmp /root/loaf /root/back
step "share in /opt, root preexec"
smbclient -q //127.0.0.1/drop rye -U baker -c 'put /root/loaf loaf' >/dev/null; cmp /root/loaf /opt/drop/loaf; grep -q baker /var/lib/samba/pre
step "status, password change"
smbstatus >/dev/null; printf 'rye\noatoat\noatoat\n' | smbpasswd -s -r 127.0.0.1 -U baker >/dev/null; smbclient -q //127.0.0.1/baker oatoat -U baker -c 'ls' >/dev/null
step "reload"
printf '[new]\npath = /srv/share\n' >> /etc/samba/smb.conf; systemctl reload smbd; retry 10 sh -c 'smbclient -q -L 127.0.0.1 -U baker%oatoat | grep -q new'
step "name service"
active nmbd; holds "$(nmblookup -U 127.0.0.1 "$(hostname)" 2>&1)" '<00>'
step restart
systemctl restart smbd nmbd; port 445; smbclient -q //127.0.0.1/baker oatoat -U baker -c 'get loaf /root/back2' >/dev/null; cmp /root/loaf /root/back2
`,
  notes: "homes and guests, a share in /opt with a command of root's, password change, name service, reload",
};
