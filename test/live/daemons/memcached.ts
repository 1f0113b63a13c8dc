import type { Daemon } from "./daemon.ts";

export const memcached: Daemon = {
  name: "memcached",
  packages: ["memcached", "python3"],
  units: ["memcached.service"],
  probe: String.raw`
active memcached; port 11211
step "store and fetch"
out=$(printf 'set bread 0 0 3\r\nrye\r\nget bread\r\nincr n 1\r\nquit\r\n' | nc 127.0.0.1 11211); holds "$out" STORED; holds "$out" '^rye'
step "a large value and many connections"
python3 - <<'END'
import socket
big = b"x" * 900000
s = socket.create_connection(("127.0.0.1", 11211)); s.sendall(b"set big 0 0 900000\r\n" + big + b"\r\n"); assert s.recv(99).startswith(b"STORED")
many = [socket.create_connection(("127.0.0.1", 11211)) for _ in range(300)]
for i, c in enumerate(many): c.sendall(b"set k%d 0 0 1\r\n1\r\n" % i)
for c in many: assert c.recv(99).startswith(b"STORED")
s.sendall(b"get big\r\n"); got = b""
while not got.endswith(b"END\r\n"): got += s.recv(65536)
assert len(got) > 900000
END
step "slab settings and figures"
out=$(printf 'stats\r\nslabs automove 1\r\nstats settings\r\nquit\r\n' | nc 127.0.0.1 11211); holds "$out" 'STAT curr_items'; holds "$out" OK
step "fill beyond the limit: items are evicted, not refused"
python3 - <<'END'
import socket
s = socket.create_connection(("127.0.0.1", 11211)); f = s.makefile("rb")
for i in range(200): s.sendall(b"set e%d 0 0 500000\r\n" % i + b"y" * 500000 + b"\r\n"); assert f.readline() == b"STORED\r\n"
END
step "changed configuration, read by its wrapper; a UNIX socket; verbose log"
sed -i 's/^-m .*/-m 32/' /etc/memcached.conf; echo -v >> /etc/memcached.conf
systemctl restart memcached; port 11211
holds "$(printf 'stats settings\r\nquit\r\n' | nc 127.0.0.1 11211)" 'maxbytes 33554432'
`,
  notes: "large values, 300 connections, eviction, configuration through the Perl wrapper",
};
