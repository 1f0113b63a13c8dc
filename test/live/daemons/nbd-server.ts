import type { Daemon } from "./daemon.ts";

export const nbdServer: Daemon = {
  name: "nbd-server",
  packages: ["nbd-server", "python3"],
  units: ["nbd-server.service"],
  setup: String.raw`
mkdir -p /srv/nbd; truncate -s 16M /srv/nbd/disk; chown nbd /srv/nbd/disk
printf '[generic]\nuser = nbd\ngroup = nbd\nincludedir = /etc/nbd-server/conf.d\nallowlist = true\n[bread]\nexportname = /srv/nbd/disk\n' > /etc/nbd-server/config
cat > /usr/local/bin/nbdc <<'X'
import socket,struct,sys
s=socket.create_connection(("127.0.0.1",10809)); f=s.makefile("rwb")
assert f.read(16)==b"NBDMAGICIHAVEOPT"; f.read(2); f.write(struct.pack(">I",3)); 
f.write(b"IHAVEOPT"+struct.pack(">II",1,5)+b"bread"); f.flush(); size,fl=struct.unpack(">QH",f.read(10))
assert size==16<<20,size
def cmd(t,off,ln,data=b""):
    f.write(struct.pack(">IHHQQI",0x25609513,0,t,7,off,ln)+data); f.flush(); m,e,h=struct.unpack(">IIQ",f.read(16)); assert e==0,e; return f.read(ln) if t==0 else b""
if sys.argv[1]=="w": cmd(1,4096,4096,b"rye "*1024); cmd(3,0,0)
assert cmd(0,4096,4)==b"rye "; print("ok")
X
`,
  probe: String.raw`
active nbd-server; port 10809
step write; same ok "$(python3 /usr/local/bin/nbdc w)"; same "rye" "$(dd if=/srv/nbd/disk bs=1 skip=4096 count=3 2>/dev/null)"
step reload; systemctl reload nbd-server 2>/dev/null || true; same ok "$(python3 /usr/local/bin/nbdc r)"
step restart; systemctl restart nbd-server; port 10809; same ok "$(python3 /usr/local/bin/nbdc r)"
`,
  notes: "writes a disk in /srv that only its configuration names; children, reload",
};
