#!/bin/sh
# Makes a fresh root bootable in namespaces: nothing that would touch the machine's kernel, nothing that starts by itself.
# $1: the root
set -eu
cd "$1"
: > etc/machine-id
printf '127.0.0.1 localhost\n::1 localhost ip6-localhost\n127.0.1.1 live\n' > etc/hosts
printf 'live\n' > etc/hostname
rm -f etc/resolv.conf usr/sbin/policy-rc.d
for unit in systemd-modules-load.service systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket \
  systemd-udev-trigger.service systemd-udev-settle.service systemd-timesyncd.service systemd-sysctl.service \
  systemd-networkd.service systemd-networkd.socket systemd-resolved.service \
  systemd-binfmt.service systemd-hwdb-update.service systemd-boot-update.service systemd-pcrphase.service \
  dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount \
  sys-fs-fuse-connections.mount proc-sys-fs-binfmt_misc.mount proc-sys-fs-binfmt_misc.automount \
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer \
  getty.target console-getty.service getty-static.service networking.service systemd-firstboot.service; do
  ln -sf /dev/null "etc/systemd/system/$unit"
done
