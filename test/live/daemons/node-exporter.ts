import type { Daemon } from "./daemon.ts";

export const nodeExporter: Daemon = {
  name: "node-exporter",
  packages: ["prometheus-node-exporter"],
  units: ["prometheus-node-exporter.service"],
  setup: String.raw`
echo 'bakery_loaves 7' > /var/lib/prometheus/node-exporter/bakery.prom
`,
  probe: String.raw`
active prometheus-node-exporter; port 9100
step metrics
m=$(curl -sS http://127.0.0.1:9100/metrics)
holds "$m" '^node_cpu_seconds_total'; holds "$m" '^node_memory_MemTotal_bytes'; holds "$m" '^node_filesystem_size_bytes'; holds "$m" '^node_network_receive_bytes_total'; holds "$m" '^bakery_loaves 7'; holds "$m" '^node_load1'; holds "$m" '^node_timex_'; holds "$m" '^node_uname_info'; holds "$m" '^node_disk|^node_procs_running'
step "every collector that succeeded still does"
holds "$m" 'node_scrape_collector_success.collector="netclass".* 1'
holds "$m" 'node_scrape_collector_success.collector="filesystem".* 1'
holds "$m" 'node_scrape_collector_success.collector="cpu".* 1'
step restart
systemctl restart prometheus-node-exporter; port 9100; holds "$(curl -sS http://127.0.0.1:9100/metrics)" bakery
`,
  notes: "reads the machine's state from /proc, /sys and the clock",
};
