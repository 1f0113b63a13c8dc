import type { Daemon } from "./daemon.ts";

export const syncthing: Daemon = {
  name: "syncthing",
  packages: ["syncthing", "passwd"],
  units: ["syncthing@baker.service"],
  setup: String.raw`
useradd -m baker
`,
  probe: String.raw`
retry 60 nc -z 127.0.0.1 8384
step "configuration in the home"
test -s /home/baker/.local/state/syncthing/config.xml || test -s /home/baker/.config/syncthing/config.xml
step "a folder"
c=$(ls /home/baker/.local/state/syncthing/config.xml /home/baker/.config/syncthing/config.xml 2>/dev/null | head -1); k=$(sed -n 's#.*<apikey>\(.*\)</apikey>.*#\1#p' "$c"); mkdir -p /home/baker/Sync; echo dough > /home/baker/Sync/a; chown -R baker /home/baker/Sync
curl -sSf -X PUT -H "X-API-Key: $k" -d '{"id":"f","path":"/home/baker/Sync"}' http://127.0.0.1:8384/rest/config/folders/f; retry 20 sh -c "curl -sS -H 'X-API-Key: $k' 'http://127.0.0.1:8384/rest/db/status?folder=f' | grep -q '\"globalFiles\": 1'"
step restart
systemctl restart syncthing@baker; retry 60 nc -z 127.0.0.1 8384
`,
  notes: "template instance in Go whose data lie in a home",
};
