import type { Daemon } from "./daemon.ts";

export const nullmailer: Daemon = {
  name: "nullmailer",
  packages: ["passwd", "nullmailer", "python3"],
  units: ["nullmailer.service"],
  setup: String.raw`
printf '127.0.0.1 smtp --port=2526\n' > /etc/nullmailer/remotes; echo live.example > /etc/mailname; echo 2 > /etc/nullmailer/pausetime
cat > /usr/local/bin/smtpsink <<'X'
import socketserver
class H(socketserver.StreamRequestHandler):
    def handle(self):
        w=lambda t:self.wfile.write(t+b"\r\n"); w(b"220 x"); data=False
        for l in self.rfile:
            l=l.strip()
            if data:
                open("/srv/mail","ab").write(l+b"\n")
                if l==b".": data=False; w(b"250 kept")
            elif l.upper().startswith(b"EHLO"): w(b"250 x")
            elif l.upper()==b"DATA": data=True; w(b"354 go")
            elif l.upper()==b"QUIT": w(b"221 bye"); return
            else: w(b"250 ok")
socketserver.ThreadingTCPServer.allow_reuse_address=True
socketserver.ThreadingTCPServer(("127.0.0.1",2526),H).serve_forever()
X
printf '[Service]\nExecStart=/usr/bin/python3 /usr/local/bin/smtpsink\n' > /etc/systemd/system/sink.service; useradd -m baker || true
`,
  probe: String.raw`
active nullmailer; systemctl start sink; port 2526
step send; su baker -c "printf 'Subject: rye\n\nbread\n' | sendmail miller@elsewhere.example"; retry 10 grep -q rye /srv/mail
step queue; mailq; systemctl stop sink; su baker -c "printf 'Subject: oat\n\nbread\n' | sendmail miller@elsewhere.example"; sleep 1; systemctl start sink; retry 15 grep -q oat /srv/mail
step restart; systemctl restart nullmailer; su baker -c "printf 'Subject: spelt\n\nbread\n' | sendmail miller@elsewhere.example"; retry 10 grep -q spelt /srv/mail
`,
  notes: "sends through a helper program in a folder of its own; queue over an outage and a restart",
};
