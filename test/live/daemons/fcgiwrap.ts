import type { Daemon } from "./daemon.ts";

export const fcgiwrap: Daemon = {
  name: "fcgiwrap",
  packages: ["fcgiwrap", "python3", "passwd"],
  units: ["fcgiwrap.service"],
  setup: String.raw`
install -d -o www-data -g www-data /var/lib/guestbook; mkdir -p /usr/lib/cgi-bin
useradd -m baker; mkdir -p /home/baker/public_html; chmod 755 /home/baker
printf '#!/bin/sh\necho "Content-Type: text/plain"; echo; echo from a home\n' > /home/baker/public_html/loaf.cgi
cat > /usr/lib/cgi-bin/book.cgi <<'END'
#!/usr/bin/perl
use Socket;
print "Content-Type: text/plain\n\n", scalar(getpwuid($>)), "\n";
open(my $book, ">>", "/var/lib/guestbook/book") or die "book: $!"; print $book "$ENV{QUERY_STRING}\n"; close $book;
open(my $draft, ">", "/tmp/draft.$$") or die "draft: $!"; close $draft; unlink "/tmp/draft.$$";
socket(my $s, PF_INET, SOCK_STREAM, 0); connect($s, pack_sockaddr_in(8099, inet_aton("127.0.0.1"))) and print "asked another server\n";
END
cat > /usr/lib/cgi-bin/closure.cgi <<'END'
#!/usr/bin/python3
import ctypes, subprocess
print("Content-Type: text/plain\n", flush=True)
print(subprocess.check_output("echo from a child", shell=True, text=True))
@ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)
def twice(x): return x * 2
print("twice", twice(4))
END
chmod 755 /usr/lib/cgi-bin/*.cgi /home/baker/public_html /home/baker/public_html/loaf.cgi
cat > /usr/local/bin/ask <<'END'
#!/usr/bin/python3
import socket, struct, sys
s = socket.socket(socket.AF_UNIX); s.connect("/run/fcgiwrap.socket")
def record(kind, content): return struct.pack(">BBHHBB", 1, kind, 1, len(content), 0, 0) + content
def pair(k, v): return bytes([len(k), len(v)]) + k.encode() + v.encode()
names = {"SCRIPT_FILENAME": sys.argv[1], "QUERY_STRING": sys.argv[2], "REQUEST_METHOD": "GET", "GATEWAY_INTERFACE": "CGI/1.1"}
s.sendall(record(1, struct.pack(">HB5x", 1, 0)) + record(4, b"".join(pair(*each) for each in names.items())) + record(4, b"") + record(5, b""))
f = s.makefile("rb")
while len(head := f.read(8)) == 8:
    _, kind, _, size, padding, _ = struct.unpack(">BBHHBB", head); content = f.read(size); f.read(padding)
    if kind in (6, 7): sys.stdout.write(content.decode())
    if kind == 3: break
END
chmod 755 /usr/local/bin/ask
`,
  probe: String.raw`
systemctl stop fcgiwrap.service fcgiwrap.socket; systemctl start fcgiwrap.socket
systemctl is-active -q other-server || systemd-run -q --unit=other-server python3 -m http.server 8099 --directory /usr/share/doc; port 8099
step "the first request starts it: identity, data, a draft in /tmp, another server"
out=$(ask /usr/lib/cgi-bin/book.cgi rye); holds "$out" www-data; holds "$out" 'asked another server'; fileholds /var/lib/guestbook/book rye
step "children, and code made at run time"
out=$(ask /usr/lib/cgi-bin/closure.cgi x); holds "$out" 'from a child'; holds "$out" 'twice 8'
step "a script in a home"
holds "$(ask /home/baker/public_html/loaf.cgi x)" 'from a home'
step restart
systemctl restart fcgiwrap; holds "$(ask /usr/lib/cgi-bin/book.cgi oat)" www-data
systemctl stop other-server
`,
  notes: "started by its socket, runs what its client names: scripts of users, with compilers and children",
};
