import type { Daemon } from "./daemon.ts";

export const oldOven: Daemon = {
  name: "old-oven",
  packages: ["passwd", "python3"],
  units: ["old.service"],
  setup: String.raw`
python3 - <<'P'
import struct
# write(1, "rye\n", 4) and nanosleep(1 s), for ever, in i386 instructions
base=0x08048000
msg=b"rye\n"
code=bytes.fromhex("b804000000bb01000000b9")+struct.pack("<I",base+84+70)+bytes.fromhex("ba04000000cd80")+bytes.fromhex("6a006a0189e331c9b8a2000000cd8083c408")
code+=b"\xeb"+struct.pack("b",-(len(code)+2))
code=code.ljust(70,b"\x90")+msg
eh=b"\x7fELF\x01\x01\x01"+b"\0"*9+struct.pack("<HHIIIIIHHHHHH",2,3,1,base+84,52,0,0,52,32,1,0,0,0)
ph=struct.pack("<IIIIIIII",1,0,base,base,84+len(code),84+len(code),5,4096)
open("/opt/old","wb").write(eh+ph+code)
P
chmod 755 /opt/old
printf '[Service]\nExecStart=/opt/old\n' > /etc/systemd/system/old.service
`,
  probe: String.raw`
active old
step prints
retry 5 sh -c 'journalctl -u old | grep -q rye'; active old
`,
  notes: "a program of the 32 bit system call table",
};
