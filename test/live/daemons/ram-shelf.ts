import type { Daemon } from "./daemon.ts";

export const ramShelf: Daemon = {
  name: "ram-shelf",
  packages: ["passwd", "e2fsprogs"],
  units: ["ram.service"],
  setup: String.raw`
printf '#!/bin/sh\ncase $1 in start) mkdir -p /mnt/ram; mount -t tmpfs -o size=4m tmpfs /mnt/ram; cp -a /etc/hostname /mnt/ram/;; stop) umount /mnt/ram;; esac\n' > /usr/local/sbin/ram; chmod 755 /usr/local/sbin/ram; echo x > /etc/hostname
printf '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/usr/local/sbin/ram start\nExecStop=/usr/local/sbin/ram stop\n' > /etc/systemd/system/ram.service
`,
  probe: String.raw`
step seen
test -s /mnt/ram/hostname; grep -q ' /mnt/ram ' /proc/mounts
step stop
systemctl stop ram; if grep -q ' /mnt/ram ' /proc/mounts; then fail "still mounted"; fi
`,
  notes: "a shell script that mounts a file system for everybody",
};
