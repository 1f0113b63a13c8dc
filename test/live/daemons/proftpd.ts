import type { Daemon } from "./daemon.ts";

export const proftpd: Daemon = {
  name: "proftpd",
  packages: ["passwd", "proftpd-core", "logrotate"],
  units: ["proftpd.service"],
  setup: String.raw`
useradd -m -s /bin/bash baker; echo baker:rye | chpasswd; sed -i 's/^UseIPv6.*/UseIPv6 off/; s/^# *DefaultRoot.*/DefaultRoot ~/' /etc/proftpd/proftpd.conf; sed -i 's/^# *DelayEngine.*/DelayEngine off/' /etc/proftpd/proftpd.conf
`,
  probe: String.raw`
active proftpd; port 21; head -c 1000000 /dev/urandom > /root/loaf
f=ftp://baker:rye@127.0.0.1
step "upload, list, fetch"
curl -sSf -T /root/loaf $f/loaf; holds "$(curl -sSf $f/)" loaf; curl -sSf -o /root/back $f/loaf; cmp /root/loaf /root/back; same baker "$(stat -c %U /home/baker/loaf)"
step "active mode"
curl -sSf -P - -o /root/back2 $f/loaf; cmp /root/loaf /root/back2
step "who, log"
ftpwho >/dev/null; test -s /var/log/proftpd/xferlog
step "reload, rotation"
systemctl reload proftpd; sleep 1; port 21; curl -sSf -o /root/back $f/loaf; logrotate -f /etc/logrotate.d/proftpd-core
step restart
systemctl restart proftpd; port 21; curl -sSf -o /root/back $f/loaf
`,
  notes: "PAM login, chroot to home, active mode, reload, rotation",
};
