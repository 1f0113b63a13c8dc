import type { Daemon } from "./daemon.ts";

export const nftables: Daemon = {
  name: "nftables",
  packages: ["nftables"],
  units: ["nftables.service"],
  setup: String.raw`
cat > /etc/nftables.conf <<'N'
#!/usr/sbin/nft -f
flush ruleset
table inet oven {
 set s { type ipv4_addr; }
 chain input {
  type filter hook input priority 0;
  ip saddr @s drop
  ip saddr 192.0.2.1 counter drop
 }
}
N
`,
  probe: String.raw`
step loaded
holds "$(nft list ruleset)" oven
step reload
sed -i 's/oven/stove/' /etc/nftables.conf; systemctl reload nftables; holds "$(nft list ruleset)" stove
step stop
systemctl stop nftables; same "" "$(nft list ruleset)"; systemctl start nftables; holds "$(nft list ruleset)" stove
`,
  notes: "a oneshot that loads packet filters, reload, stop",
};
