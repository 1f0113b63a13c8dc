import type { Daemon } from "./daemon.ts";

export const cups: Daemon = {
  name: "cups",
  packages: ["cups-daemon", "cups-client", "cups-filters", "cups", "logrotate"],
  units: ["cups.service"],
  start: ["cups.socket"],
  setup: String.raw`
echo "DirtyCleanInterval 0" >> /etc/cups/cupsd.conf
mkdir -p /usr/lib/cups/backend; cat > /usr/lib/cups/backend/shelf <<'END'
#!/bin/sh
[ $# -ge 5 ] || { echo 'direct shelf "Unknown" "Shelf"'; exit 0; }
id -un > /var/spool/cups/tmp/shelf-who 2> /dev/null || true
cat "$6" > /var/spool/cups/tmp/shelf-$1 2> /dev/null || cat > /var/spool/cups/tmp/shelf-$1
END
chmod 755 /usr/lib/cups/backend/shelf
`,
  probe: String.raw`
systemctl stop cups.service 2> /dev/null || true; systemctl restart cups.socket
step "started by its socket"
retry 15 lpstat -r; retry 10 systemctl --quiet is-active cups.service
step "a printer is made; its backend is a program"
lpinfo -v | grep shelf > /dev/null; lpadmin -p shelf -v shelf:/top -E; lpstat -p shelf | grep -q shelf; retry 10 grep -qs shelf /etc/cups/printers.conf
step "a job goes through a program, as its user, through a temporary file"
useradd -m baker; echo loaf > /home/baker/f; chown baker /home/baker/f; su baker -c 'lp -d shelf /home/baker/f' > /dev/null
retry 20 sh -c 'grep -qs loaf /var/spool/cups/tmp/shelf-[0-9]*'; same lp "$(cat /var/spool/cups/tmp/shelf-who)"
step "from standard input, held and released, cancelled"
echo piped | lp -d shelf > /dev/null; retry 20 sh -c 'grep -qs piped /var/spool/cups/tmp/shelf-[0-9]*'
lp -d shelf -H hold /etc/hostname > /dev/null; lpstat -o | grep -q shelf; cancel -a; same "" "$(lpstat -o)"
step "the web page, and settings changed over it"
holds "$(curl -sS http://127.0.0.1:631/)" CUPS; cupsctl --debug-logging; retry 10 lpstat -r; grep -q 'LogLevel debug' /etc/cups/cupsd.conf
step "logs"
retry 5 test -s /var/log/cups/access_log
step restart
systemctl restart cups; retry 10 lpstat -r; lpstat -p shelf | grep -q shelf
`,
  notes:
    "socket activation; backends as programs under another user; jobs, holds, configuration rewritten by the daemon",
};
