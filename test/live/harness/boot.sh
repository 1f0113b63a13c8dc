#!/bin/sh
# Turns the new namespaces that it is started in into a machine of its own and becomes that machine's PID 1.
# $1: the merged root, already mounted, so that callers outside see the same files.
set -eu
root=$1
mount --bind "$root" "$root"
cd "$root"
# What packages enabled does not start by itself: a probe prepares a service first and starts it then.
find etc/systemd/system -path '*.wants/*' -delete
rm -f etc/rc[S2-5].d/S*
mount -t proc -o nosuid,nodev,noexec proc proc
# Kernel variables are the machine's, except those of this network namespace.
mount --bind proc/sys proc/sys
mount --bind proc/sys/net proc/sys/net
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755,nosuid tmpfs dev
mknod -m 666 dev/null c 1 3
mknod -m 666 dev/zero c 1 5
mknod -m 666 dev/full c 1 7
mknod -m 666 dev/random c 1 8
mknod -m 666 dev/urandom c 1 9
mknod -m 666 dev/tty c 5 0
mkdir dev/pts dev/shm dev/net
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin
ln -s fd/1 dev/stdout
ln -s fd/2 dev/stderr
[ ! -e /dev/net/tun ] || mknod -m 666 dev/net/tun c 10 200
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs dev/shm
mount -t tmpfs -o mode=755,nosuid,nodev tmpfs run
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs tmp
ip link set lo up
hostname live 2>/dev/null || true
mkdir -p run/live/host
pivot_root . run/live/host
umount -l /run/live/host
rmdir /run/live/host
# Shared, as at every real boot: systemd 257 loses credentials silently when / is private.
mount --make-rshared /
exec env -i container=tightunit-live PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
  /lib/systemd/systemd --system --log-target=journal --show-status=no
