import type { Daemon } from "./daemon.ts";

export const cron: Daemon = {
  name: "cron",
  packages: ["cron", "sudo", "logrotate"],
  units: ["cron.service"],
  setup: String.raw`
useradd -m -s /bin/bash baker; echo 'baker ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/baker
printf 'MAILTO=""\n* * * * * date >> /home/baker/ran; id -un > /home/baker/who; echo $HOME > /home/baker/where\n* * * * * sudo -n id -un > /home/baker/sudo 2>&1\n@reboot echo up > /home/baker/up\n' | crontab -u baker -
cat > /etc/cron.d/bakery <<'END'
MAILTO=""
SHELL=/bin/bash
* * * * * root touch /etc/cron-was-here /usr/local/cron-was-here /root/cron-was-here /var/lib/cron-was-here && echo root > /tmp/cron-root
* * * * * baker python3 -c 'open("/tmp/cron-python", "w").write("ok")'
* * * * * root mkdir -p /mnt/c && mount -t tmpfs tmpfs /mnt/c && umount /mnt/c && echo ok > /var/tmp/cron-mount
* * * * * root systemctl is-active dbus.socket > /var/tmp/cron-systemctl
END
chmod 644 /etc/cron.d/bakery
`,
  probe: String.raw`
active cron
step "a user's table: written to home, as that user, and through sudo"
retry 75 test -s /home/baker/ran; retry 5 test -s /home/baker/sudo
same baker "$(cat /home/baker/who)"; same /home/baker "$(cat /home/baker/where)"; same root "$(cat /home/baker/sudo)"
step "jobs at start"
retry 5 test -s /home/baker/up
step "root's jobs: files anywhere, a mount, the service manager"
retry 5 test -s /tmp/cron-root; test -e /etc/cron-was-here; test -e /usr/local/cron-was-here; test -e /root/cron-was-here
retry 5 test -s /var/tmp/cron-mount; retry 5 grep -qx active /var/tmp/cron-systemctl; retry 5 test -s /tmp/cron-python
step "the session is opened through PAM and logged"
journalctl --no-pager -t CRON | grep -q 'session opened for user baker'
step "a changed table is noticed without a restart"
printf 'MAILTO=""\n* * * * * echo second > /home/baker/second\n' | crontab -u baker -
retry 75 test -s /home/baker/second
step restart
systemctl restart cron; active cron
`,
  notes:
    "user and system tables, sudo inside a job, PAM, mounts and service manager from root's jobs, a changed table; takes up to two minutes",
};
