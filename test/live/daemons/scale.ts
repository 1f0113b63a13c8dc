import type { Daemon } from "./daemon.ts";

export const scale: Daemon = {
  name: "scale",
  packages: ["passwd", "python3-dbus", "python3-gi"],
  units: ["scale.service"],
  setup: String.raw`
cat > /usr/share/dbus-1/system.d/org.bakery.Scale.conf <<'X'
<busconfig><policy user="root"><allow own="org.bakery.Scale"/></policy><policy context="default"><allow send_destination="org.bakery.Scale"/></policy></busconfig>
X
cat > /usr/local/bin/scaled <<'X'
#!/usr/bin/python3
import dbus, dbus.service, subprocess, os
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib
DBusGMainLoop(set_as_default=True)
bus = dbus.SystemBus(); name = dbus.service.BusName("org.bakery.Scale", bus)
class S(dbus.service.Object):
    @dbus.service.method("org.bakery.Scale", in_signature="s", out_signature="s", sender_keyword="sender")
    def Weigh(self, what, sender=None):
        uid = dbus.Interface(bus.get_object("org.freedesktop.DBus", "/"), "org.freedesktop.DBus").GetConnectionUnixUser(sender)
        os.makedirs("/var/lib/scale", exist_ok=True); open("/var/lib/scale/last", "w").write(what)
        return "%s by %d" % (what, uid)
    @dbus.service.method("org.bakery.Scale", out_signature="s")
    def Units(self):
        m = dbus.Interface(bus.get_object("org.freedesktop.systemd1", "/org/freedesktop/systemd1"), "org.freedesktop.systemd1.Manager")
        return str(m.GetUnit("scale.service")).split("/")[-1]
    @dbus.service.method("org.bakery.Scale", in_signature="u", out_signature="s")
    def Exe(self, pid): return os.readlink("/proc/%d/exe" % pid)
S(bus, "/Scale"); GLib.MainLoop().run()
X
chmod 755 /usr/local/bin/scaled; printf '[Service]\nType=dbus\nBusName=org.bakery.Scale\nExecStart=/usr/local/bin/scaled\n' > /etc/systemd/system/scale.service; systemctl reload dbus || true; useradd -r weigher
`,
  probe: String.raw`
active scale
c() { busctl call org.bakery.Scale /Scale org.bakery.Scale "$@"; }
step call; holds "$(c Weigh s rye)" 'rye by 0'; same rye "$(cat /var/lib/scale/last)"; holds "$(su -s /bin/sh weigher -c 'busctl call org.bakery.Scale /Scale org.bakery.Scale Weigh s oat')" "by $(id -u weigher)"
step manager; holds "$(c Units)" scale
step "another process"; sleep 60 & holds "$(c Exe u $!)" sleep
step restart; systemctl restart scale; holds "$(c Weigh s x)" x
`,
  notes:
    "a name on the bus in Python: callers by their users, the manager's own bus name, other processes' programs",
};
