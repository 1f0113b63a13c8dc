import type { Daemon } from "./daemon.ts";

export const ser2net: Daemon = {
  name: "ser2net",
  packages: ["ser2net", "python3"],
  units: ["ser2net.service"],
  setup: String.raw`
ip addr add 10.9.0.1/24 dev lo
cat > /usr/local/bin/scale <<'END'
#!/usr/bin/python3
import os, tty
m, s = os.openpty(); tty.setraw(s)
try: os.unlink("/dev/ttyS9")
except OSError: pass
os.symlink(os.ttyname(s), "/dev/ttyS9")
while True: os.write(m, os.read(m, 99).upper())
END
chmod 755 /usr/local/bin/scale
cat > /etc/ser2net.yaml <<'END'
%YAML 1.1
---
connection: &scale
  accepter: tcp,127.0.0.1,3101
  connector: serialdev,/dev/ttyS9,115200n81,local
  options:
    trace-both: /var/log/scale-trace
END
`,
  probe: String.raw`
systemctl is-active -q scale || systemd-run -q --unit=scale /usr/local/bin/scale; retry 5 test -e /dev/ttyS9
active ser2net; port 3101
say() { (printf '%s' "$1"; sleep 1) | nc -q 2 127.0.0.1 3101; }
step "through the serial port and back; a trace of it"
holds "$(say rye)" RYE; test -s /var/log/scale-trace
step "configuration read again"
sed -i 's/3101/3102/' /etc/ser2net.yaml; systemctl kill -s HUP ser2net; port 3102
holds "$( (printf oat; sleep 1) | nc -q 2 127.0.0.1 3102)" OAT
sed -i 's/3102/3101/' /etc/ser2net.yaml
step restart
systemctl restart ser2net; port 3101; holds "$(say spelt)" SPELT
systemctl stop scale
`,
  notes: "a device that only its configuration names, behind a link",
};
