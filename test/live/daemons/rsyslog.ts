import type { Daemon } from "./daemon.ts";

export const rsyslog: Daemon = {
  name: "rsyslog",
  packages: ["rsyslog", "logrotate", "bsdutils"],
  units: ["rsyslog.service"],
  setup: String.raw`
cat > /etc/rsyslog.d/bakery.conf <<'END'
module(load="imudp")
input(type="imudp" port="514")
module(load="imtcp")
input(type="imtcp" port="514")
module(load="omprog")
template(name="perHost" type="string" string="/var/log/hosts/%programname%/%$year%.log")
if $programname == 'oven' then action(type="omfile" dynaFile="perHost" createDirs="on")
if $programname == 'alarm' then action(type="omprog" binary="/usr/local/bin/alarm")
if $programname == 'queue' then action(type="omfwd" target="127.0.0.1" port="1514" protocol="tcp" queue.type="LinkedList" queue.filename="fwd" queue.saveOnShutdown="on" action.resumeRetryCount="-1" action.resumeInterval="1")
END
printf '#!/bin/sh\nwhile read -r line; do echo "$line" >> /var/log/alarm.log; done\n' > /usr/local/bin/alarm; chmod 755 /usr/local/bin/alarm
`,
  probe: String.raw`
active rsyslog
step "a message of a program, through the journal"
logger -t baker "first loaf"; retry 10 grep -q 'first loaf' /var/log/syslog
step "facilities to their own files"
logger -p auth.info -t sshd "door opened"; retry 10 grep -q 'door opened' /var/log/auth.log
step "from the network, UDP and TCP, to files in directories made on the way"
logger -n 127.0.0.1 -d -P 514 -t oven "hot over udp"; logger -n 127.0.0.1 -T -P 514 -t oven "hot over tcp"
retry 10 sh -c 'grep -q "hot over udp" /var/log/hosts/oven/*.log && grep -q "hot over tcp" /var/log/hosts/oven/*.log'
step "to a helper program"
logger -t alarm "burnt"; retry 10 grep -q burnt /var/log/alarm.log
step "forwarded, and kept on disk while the receiver is away"
logger -t queue "kept message"; sleep 1; systemctl restart rsyslog; sleep 0.5
systemd-run -q --unit receiver sh -c 'nc -l -p 1514 > /var/tmp/received || nc -l 1514 > /var/tmp/received'
retry 30 grep -q 'kept message' /var/tmp/received
step "rotation: the old file is let go"
logrotate -f /etc/logrotate.d/rsyslog; logger -t baker "after rotation"
retry 10 grep -q 'after rotation' /var/log/syslog; test -e /var/log/syslog.1
step "owner and mode of new files"
same "root:adm 640" "$(stat -c '%U:%G %a' /var/log/syslog)"
step restart
systemctl restart rsyslog; logger -t baker "after restart"; retry 10 grep -q 'after restart' /var/log/syslog
`,
  notes:
    "journal, network input, dynamic directories, helper program, disk queue over a restart, rotation by signal",
};
