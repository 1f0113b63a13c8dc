import type { Daemon } from "./daemon.ts";

export const logrotate: Daemon = {
  name: "logrotate",
  packages: ["logrotate", "rsyslog", "passwd"],
  units: ["logrotate.service"],
  start: [],
  setup: String.raw`
useradd -m baker; mkdir -p /var/log/oven /srv/app/log /home/baker/log; chown baker /home/baker/log
cat > /etc/logrotate.d/oven <<'END'
/var/log/oven/*.log {
  size 1
  rotate 3
  compress
  create 0640 root adm
  sharedscripts
  postrotate
    invoke-rc.d rsyslog rotate > /dev/null 2>&1 || /usr/lib/rsyslog/rsyslog-rotate
    touch /var/log/oven/rotated
  endscript
}
/srv/app/log/app.log {
  size 1
  copytruncate
  dateext
}
END
`,
  probe: String.raw`
systemctl start rsyslog
step "one run: compressed, new file with its owner, neighbours told"
echo first > /var/log/oven/a.log; echo app > /srv/app/log/app.log; logger hello; retry 5 test -s /var/log/syslog
systemctl start logrotate.service
same first "$(zcat /var/log/oven/a.log.1.gz)"; same "root:adm 640" "$(stat -c '%U:%G %a' /var/log/oven/a.log)"; test -e /var/log/oven/rotated
step "copy and truncate outside /var/log"
test ! -s /srv/app/log/app.log; ls /srv/app/log/app.log-* > /dev/null
step "its state is kept; a second run shifts"
grep -q oven /var/lib/logrotate/status; echo second > /var/log/oven/a.log; systemctl start logrotate.service; same second "$(zcat /var/log/oven/a.log.1.gz)"; same first "$(zcat /var/log/oven/a.log.2.gz)"
step "a failing script is told"
sed -i 's/touch .*/exit 3/' /etc/logrotate.d/oven; echo x > /var/log/oven/a.log; if systemctl start logrotate.service; then fail "no failure told"; fi; systemctl reset-failed logrotate.service
sed -i 's/exit 3/true/' /etc/logrotate.d/oven
step "the timer runs it"
printf '[Timer]\nOnCalendar=\nOnActiveSec=1s\nAccuracySec=100ms\nRandomizedDelaySec=0\n' > /run/t.conf; install -D /run/t.conf /etc/systemd/system/logrotate.timer.d/soon.conf; systemctl daemon-reload; rm -f /var/lib/logrotate/status; echo timer > /var/log/oven/b.log; systemctl restart logrotate.timer; retry 15 test -e /var/log/oven/b.log.1.gz
`,
  notes:
    "a timer's oneshot: compresses, creates files with owners, runs scripts that signal other services, writes outside /var/log",
};
