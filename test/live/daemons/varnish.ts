import type { Daemon } from "./daemon.ts";

export const varnish: Daemon = {
  name: "varnish",
  packages: ["varnish", "python3"],
  units: ["varnish.service"],
  setup: String.raw`
mkdir -p /srv/b; echo behind > /srv/b/index.html; sed -i 's/.port = "8080"/.port = "9003"/' /etc/varnish/default.vcl
`,
  probe: String.raw`
systemd-run -q --unit back sh -c 'exec python3 -m http.server --bind 127.0.0.1 --directory /srv/b 9003'; port 9003
active varnish; port 6081
step "cached"
holds "$(curl -sS http://127.0.0.1:6081/)" behind; holds "$(curl -sSi http://127.0.0.1:6081/)" '[Xx]-[Vv]arnish: [0-9]+ [0-9]+'
step "reload compiles a new VCL"
sed -i 's/sub vcl_deliver {/&\n set resp.http.X-Oven = "hot";/' /etc/varnish/default.vcl; systemctl reload varnish; retry 10 sh -c 'curl -sSi http://127.0.0.1:6081/ | grep -qi x-oven'
step admin
varnishadm ban req.url '~' . ; holds "$(varnishadm status)" running
step "tools see the memory"
timeout 5 varnishstat -1 | grep -q MAIN.uptime
step restart
systemctl restart varnish; port 6081; holds "$(curl -sS http://127.0.0.1:6081/)" behind
`,
  notes: "compiles its configuration with a C compiler at start and reload, shared memory for its tools",
};
