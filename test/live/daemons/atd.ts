import type { Daemon } from "./daemon.ts";

export const atd: Daemon = {
  name: "atd",
  packages: ["at", "sudo", "passwd"],
  units: ["atd.service"],
  setup: String.raw`
useradd -m -s /bin/bash baker; echo 'baker ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/baker
`,
  probe: String.raw`
active atd
step "a user's job, now: home, identity, sudo, its output file"
su - baker -c 'echo "id -un > ~/who; pwd > ~/where; sudo -n id -un > ~/sudo; python3 -c \"print(6*7)\" > /tmp/at-answer" | at now 2> /dev/null'
retry 20 test -s /tmp/at-answer; same baker "$(cat /home/baker/who)"; same root "$(cat /home/baker/sudo)"; same 42 "$(cat /tmp/at-answer)"
step "root's job may change the system"
echo 'touch /etc/at-was-here /usr/local/at-was-here /root/at-was-here; mkdir -p /mnt/a && mount -t tmpfs tmpfs /mnt/a && umount /mnt/a && touch /var/tmp/at-mount' | at now 2> /dev/null
retry 20 test -e /var/tmp/at-mount; test -e /etc/at-was-here; test -e /usr/local/at-was-here; test -e /root/at-was-here
step "a job for later is listed and removed"
echo true | at tomorrow 2> /dev/null; n=$(atq | awk '{print $1}'); atrm "$n"; same "" "$(atq)"
step restart
systemctl restart atd; echo 'echo c > /var/tmp/at-after' | at now 2> /dev/null; retry 20 test -s /var/tmp/at-after
`,
  notes: "executes anything for anyone: sudo inside a job, root's job changes /etc and mounts",
};
