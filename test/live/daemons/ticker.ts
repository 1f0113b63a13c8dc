import type { Daemon } from "./daemon.ts";

export const ticker: Daemon = {
  name: "ticker",
  packages: ["nodejs", "passwd"],
  units: ["ticker.service"],
  files: [
    { from: "ticker.js", to: "/usr/local/lib/ticker/ticker.js" },
    { from: "ticker.service", to: "/etc/systemd/system/ticker.service" },
  ],
  setup: String.raw`
useradd --system ticker; echo '{"type":"module"}' > /usr/local/lib/ticker/package.json
`,
  probe: String.raw`
active ticker; port 3000
get() { curl -sSf "http://127.0.0.1:3000/$1"; }
step "state"
same 1 "$(get visit)"; same 2 "$(get visit)"; grep -q 2 /var/lib/ticker/visits.json
step "worker thread, WebAssembly, optimised loop"
holds "$(get hash)" '^[0-9a-f]{32}$'; same 42 "$(get wasm)"; holds "$(get hot)" '^[0-9a-f]{40}$'
step "helper program, IPv6"
same ticker "$(get who)"; same 3 "$(curl -sSf -g 'http://[::1]:3000/visit')"
step "reload by signal"
systemctl reload ticker; retry 5 sh -c 'journalctl --no-pager -u ticker | grep "reloaded at 3"'
step "restart keeps the state"
systemctl restart ticker; port 3000; same 4 "$(get visit)"
step "killed: started again"
kill -9 "$(mainpid ticker)"; sleep 1.5; port 3000; same 5 "$(get visit)"
`,
  notes: "V8's compiled code, WebAssembly, worker threads, child process, state over a restart",
};
