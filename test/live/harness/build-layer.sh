#!/bin/sh
# Installs packages into a layer over a base root, in a mount namespace of its own, starting none of their services.
# $1: base root  $2: folder that becomes the layer  $3: empty work folder on the same file system  $4: empty mount point
# further arguments: packages
set -eu
base=$1 layer=$2 work=$3 merged=$4
shift 4
mount -t overlay -o "lowerdir=$base,upperdir=$layer,workdir=$work" overlay "$merged"
cd "$merged"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 tmpfs dev
for node in "null 1 3" "zero 1 5" "full 1 7" "random 1 8" "urandom 1 9" "tty 5 0"; do
  # shellcheck disable=SC2086
  mknod -m 666 "dev/${node%% *}" c ${node#* }
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
printf '#!/bin/sh\nexit 101\n' > usr/sbin/policy-rc.d
chmod 755 usr/sbin/policy-rc.d
cp /etc/resolv.conf etc/resolv.conf.live
mv etc/resolv.conf.live etc/resolv.conf
DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8 chroot . apt-get -q -y -o Acquire::Check-Valid-Until=false \
  -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-unsafe-io --no-install-recommends install "$@"
chroot . apt-get clean
rm -f usr/sbin/policy-rc.d etc/resolv.conf
: > etc/machine-id
