import type { Daemon } from "./daemon.ts";

export const boxer: Daemon = {
  name: "boxer",
  packages: ["passwd", "bubblewrap", "python3"],
  units: ["box.service"],
  setup: String.raw`
useradd -r boxer; mkdir -p /var/lib/boxer; chown boxer /var/lib/boxer
printf '#!/usr/bin/env python3\nimport subprocess,time\nwhile True:\n    r = subprocess.run(["bwrap","--ro-bind","/","/","--tmpfs","/mnt","--unshare-pid","--dev","/dev","id","-u"],capture_output=True,text=True)\n    open("/var/lib/boxer/out","w").write(r.stdout+r.stderr)\n    time.sleep(1)\n' > /usr/local/bin/boxer; chmod 755 /usr/local/bin/boxer
printf '[Service]\nUser=boxer\nExecStart=/usr/local/bin/boxer\n' > /etc/systemd/system/box.service
`,
  probe: String.raw`
active box
step boxed
retry 30 test -s /var/lib/boxer/out; same "$(id -u boxer)" "$(cat /var/lib/boxer/out)"
`,
  notes: "a script that starts programs in namespaces of their own",
};
