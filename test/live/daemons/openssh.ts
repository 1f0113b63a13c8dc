import type { Daemon } from "./daemon.ts";

export const openssh: Daemon = {
  name: "openssh-server",
  packages: ["openssh-server", "openssh-client", "openssh-sftp-server", "sudo", "sshpass", "rsync", "passwd"],
  units: ["ssh.service"],
  setup: String.raw`
useradd -m -s /bin/bash baker; echo baker:yeast-and-rye | chpasswd
echo 'baker ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/baker
ssh-keygen -q -t ed25519 -N '' -f /root/key
install -d -o baker -m 700 /home/baker/.ssh; install -o baker -m 600 /root/key.pub /home/baker/.ssh/authorized_keys
printf 'Host *\n IdentityFile /root/key\n StrictHostKeyChecking no\n UserKnownHostsFile /dev/null\n LogLevel ERROR\n' > /root/ssh.conf
mkdir -p /srv/files; chown baker /srv/files
`,
  probe: String.raw`
active ssh; port 22
s() { ssh -F /root/ssh.conf baker@127.0.0.1 "$@"; }
step "login by key, home is the user's own and writable"
same "baker /home/baker" "$(s 'echo $(id -un) $PWD')"
s 'echo dough > ~/recipe && cat ~/recipe' | grep -q dough
step "login by password through PAM"
same baker "$(sshpass -p yeast-and-rye ssh -F /root/ssh.conf -o IdentityFile=none -o PubkeyAuthentication=no baker@127.0.0.1 id -un)"
step "a wrong password is refused"
if sshpass -p wrong ssh -F /root/ssh.conf -o IdentityFile=none -o PubkeyAuthentication=no baker@127.0.0.1 true; then fail "let in"; fi
step "terminal"
out=$(s -tt 'tty; stty size; exit 0' < /dev/null); holds "$out" '/dev/pts/'
step "session of systemd: its own scope and runtime directory"
holds "$(s 'echo $XDG_RUNTIME_DIR; test -d $XDG_RUNTIME_DIR && echo there')" there
step "setuid programs: passwd, su, sudo"
s "printf 'yeast-and-rye\nwheat-and-spelt\nwheat-and-spelt\n' | passwd"
same baker "$(sshpass -p wheat-and-spelt ssh -F /root/ssh.conf -o IdentityFile=none -o PubkeyAuthentication=no baker@127.0.0.1 id -un)"
same root "$(s 'sudo id -un')"
step "administration through sudo: /etc, /usr, /boot, users, mounts, services, kernel variables readable"
s 'echo welcome | sudo tee /etc/motd > /dev/null; sudo touch /usr/local/bin/tool /boot/file /root/file'
s 'sudo useradd -m miller && sudo userdel -r miller'
s 'sudo mkdir /mnt/x && sudo mount -t tmpfs tmpfs /mnt/x && sudo umount /mnt/x'
s 'sudo systemctl restart systemd-journald && cat /proc/sys/kernel/hostname > /dev/null'
step "other users' processes are visible to root; /tmp is everybody's"
s 'sudo cat /proc/1/cmdline | tr "\0" " "' | grep -q systemd
echo shared > /tmp/from-outside; same shared "$(s cat /tmp/from-outside)"
step "sftp, scp, rsync"
printf 'put /etc/hostname up\nmkdir d\nls -l\nget up /tmp/down\n' | sftp -F /root/ssh.conf -b - baker@127.0.0.1:/srv/files > /dev/null
cmp /etc/hostname /tmp/down
scp -q -F /root/ssh.conf /etc/passwd baker@127.0.0.1:copy
rsync -e 'ssh -F /root/ssh.conf' -a /etc/default/ baker@127.0.0.1:defaults/
step "port forwarding and agent forwarding"
timeout 20 ssh -F /root/ssh.conf -N -L 2222:127.0.0.1:22 baker@127.0.0.1 & tunnel=$!
retry 10 nc -z 127.0.0.1 2222; holds "$(nc -w 2 127.0.0.1 2222 < /dev/null || true)" SSH-2.0; kill "$tunnel"; wait "$tunnel" || true
eval "$(ssh-agent)" > /dev/null; ssh-add -q /root/key; holds "$(s -A 'ssh-add -l')" ED25519
step "a program that generates code, and namespaces of the user's own"
s 'unshare -r true' || true
step "reload"
echo 'Banner /etc/motd' > /etc/ssh/sshd_config.d/banner.conf; systemctl reload ssh; sleep 0.5
holds "$(ssh -F /root/ssh.conf -o LogLevel=INFO baker@127.0.0.1 true 2>&1)" welcome
step "logins are recorded"
journalctl --no-pager | grep -q 'Accepted publickey for baker'
step "a session survives the restart"
(s 'sleep 3; echo still here' > /tmp/still) & sleep 1; systemctl restart ssh; wait $!; grep -q 'still here' /tmp/still
port 22; same baker "$(s id -un)"
`,
  notes:
    "key and password login, PAM session, pty, passwd and sudo, administration in a session, sftp, scp, rsync, forwarding, reload, session over a restart",
};
