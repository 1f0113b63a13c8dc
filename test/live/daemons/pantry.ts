import type { Daemon } from "./daemon.ts";

export const pantry: Daemon = {
  name: "pantry",
  packages: ["passwd", "rsync", "sudo"],
  units: ["pantry-backup.service"],
  start: [],
  setup: String.raw`
useradd -m baker; mkdir -p /srv/pantry /etc/pantry; echo rye > /srv/pantry/stock; chown -R baker: /srv/pantry; echo 'KEEP=3' > /etc/pantry/backup.conf
install -d -m 700 /var/backups/pantry; su baker -c 'mkdir -p ~/recipes; echo loaf > ~/recipes/one'
cat > /usr/local/sbin/pantry-backup <<'X'
#!/bin/bash
set -euo pipefail
. /etc/pantry/backup.conf
DEST=/var/backups/pantry
stamp=$(date +%Y%m%d%H%M%S%N)
rsync -aHAX --delete /srv/pantry/ "$DEST/mirror/"
tar -C /home -czf "$DEST/home-$stamp.tar.gz" .
sudo -u baker sh -c 'date > ~/last-backup'
ls -1t "$DEST"/home-*.tar.gz | tail -n +$((KEEP+1)) | xargs -r rm -f
echo "$stamp" > /etc/pantry/last-run
echo "$stamp" >> /srv/backup.log
cp -a /srv/pantry/stock /mnt/stock
logger -t pantry done
X
chmod 755 /usr/local/sbin/pantry-backup
printf '[Service]\nType=oneshot\nExecStart=/usr/local/sbin/pantry-backup\n' > /etc/systemd/system/pantry-backup.service
printf '[Timer]\nOnCalendar=daily\n' > /etc/systemd/system/pantry-backup.timer
`,
  probe: String.raw`
step "one run"
systemctl start pantry-backup
step results
same rye "$(cat /var/backups/pantry/mirror/stock)"; same baker "$(stat -c %U /var/backups/pantry/mirror/stock)"; test -s /home/baker/last-backup; same baker "$(stat -c %U /home/baker/last-backup)"; test -s /etc/pantry/last-run; test -s /srv/backup.log
same baker "$(stat -c %U /mnt/stock)"; tar -tzf "$(ls -t /var/backups/pantry/home-*.tar.gz | head -n 1)" > /tmp/list; grep -q recipes/one /tmp/list
step "keeps three"
for i in 1 2 3 4; do systemctl start pantry-backup; done; same 3 "$(ls /var/backups/pantry/home-* | wc -l)"
`,
  notes: "a timer's oneshot in shell: rsync, tar and sudo, writes below /etc, /srv and /mnt",
};
