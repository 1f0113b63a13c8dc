import type { Daemon } from "./daemon.ts";

export const jar: Daemon = {
  name: "jar",
  packages: ["passwd", "python3"],
  units: ["jar.service"],
  setup: String.raw`
useradd -r jar
cat > /usr/local/bin/jard <<'X'
#!/usr/bin/env python3
import socket, os, sys, threading, signal
p = os.environ["JAR_SOCKET"]; data = os.environ["JAR_DATA"]; log = os.environ["JAR_LOG"]
if os.path.exists(p): os.unlink(p)
s = socket.socket(socket.AF_UNIX); s.bind(p); os.chmod(p, 0o666); s.listen(5)
open(log, "a").write("up\n")
def hup(*a): open(log, "a").write("again\n")
signal.signal(signal.SIGHUP, hup)
while True:
    try: c, _ = s.accept()
    except InterruptedError: continue
    m = c.recv(100); open(os.path.join(data, "jam"), "ab").write(m); c.send(b"ok\n"); c.close()
X
chmod 755 /usr/local/bin/jard; printf 'JAR_SOCKET=/tmp/jar.sock\nJAR_DATA=/data/jar\nJAR_LOG=/var/log/jar.log\n' > /etc/default/jar
printf '[Service]\nUser=jar\nEnvironmentFile=-/etc/default/jar\nExecStartPre=+/bin/sh -c "mkdir -p /data/jar && chown jar /data/jar && touch /var/log/jar.log && chown jar /var/log/jar.log"\nExecStart=/usr/local/bin/jard\nExecReload=/bin/kill -HUP $MAINPID\n' > /etc/systemd/system/jar.service
`,
  probe: String.raw`
active jar; retry 5 test -S /tmp/jar.sock; up() { retry 10 sh -c "echo up | nc -NU -w 2 /tmp/jar.sock | grep -q ok"; }; up; rm -f /data/jar/jam
step talk; same ok "$(echo rye | nc -NU -w 2 /tmp/jar.sock)"; same rye "$(cat /data/jar/jam)"
step reload; systemctl reload jar; retry 3 grep -q again /var/log/jar.log
step restart; systemctl restart jar; up; same ok "$(echo oat | nc -NU -w 2 /tmp/jar.sock)"
`,
  notes:
    "a command outside of the sandbox makes what a user's script writes; its socket in /tmp is named by an environment file",
};
