import type { Daemon } from "./daemon.ts";

export const prosody: Daemon = {
  name: "prosody",
  packages: ["passwd", "prosody", "ssl-cert", "python3", "logrotate", "lua-dbi-sqlite3"],
  units: ["prosody.service"],
  setup: String.raw`
sed -i 's/^VirtualHost "localhost"/VirtualHost "bakery.test"\nc2s_require_encryption = false\nallow_unencrypted_plain_auth = true\nVirtualHost "localhost"/' /etc/prosody/prosody.cfg.lua
`,
  probe: String.raw`
active prosody; port 5222
step "user by prosodyctl"
printf 'rye\nrye\n' | prosodyctl adduser baker@bakery.test >/dev/null 2>&1 || prosodyctl register baker bakery.test rye
step "login"
python3 - <<'P'
import socket,base64
s=socket.create_connection(('127.0.0.1',5222)); s.settimeout(5)
def rd(w):
    b=b''
    while w not in b: 
        d=s.recv(4096)
        assert d,(b)
        b+=d
    return b
h=b"<?xml version='1.0'?><stream:stream to='bakery.test' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
s.sendall(h); rd(b'</stream:features>')
s.sendall(b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>"+base64.b64encode(b'\0baker\0rye')+b"</auth>"); r=rd(b'>'); assert b'success' in r,r
s.sendall(h); rd(b'</stream:features>')
s.sendall(b"<iq type='set' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"); rd(b'</iq>')
s.sendall(b"<iq type='set' id='2'><query xmlns='jabber:iq:private'><b xmlns='x:y'>loaf</b></query></iq>"); r=rd(b'>'); 
P
step "stored"
find /var/lib/prosody -name '*.dat' | grep -q baker
step "reload and rotation"
systemctl reload prosody; logrotate -f /etc/logrotate.d/prosody || true; retry 10 sh -c 'printf x | nc -q 1 127.0.0.1 5222 > /dev/null; test -s /var/log/prosody/prosody.log'
step restart
systemctl restart prosody; port 5222
`,
  notes: "a Lua program: accounts by its tool, login, stored data, reload, rotation",
};
