import type { Daemon } from "./daemon.ts";

export const fail2ban: Daemon = {
  name: "fail2ban",
  packages: ["passwd", "fail2ban", "nftables", "python3-systemd", "iproute2"],
  units: ["fail2ban.service"],
  setup: String.raw`
printf '[DEFAULT]\nbanaction = nftables-multiport\nbackend = polling\n[oven]\nenabled = true\nfilter = oven\nlogpath = /var/log/oven.log\nmaxretry = 2\nport = 80\n[sshd]\nenabled = false\n' > /etc/fail2ban/jail.local
printf '[Definition]\nfailregex = burnt by <HOST>\n' > /etc/fail2ban/filter.d/oven.conf; touch /var/log/oven.log
`,
  probe: String.raw`
active fail2ban
step client
retry 15 fail2ban-client ping
step ban
for i in 1 2 3; do echo "$(date '+%Y-%m-%d %H:%M:%S') burnt by 192.0.2.7" >> /var/log/oven.log; done
retry 20 sh -c 'fail2ban-client status oven | grep -q 192.0.2.7'; retry 5 sh -c "nft list ruleset | grep -q 192.0.2.7"
step unban
fail2ban-client set oven unbanip 192.0.2.7
step reload
systemctl reload fail2ban; retry 15 fail2ban-client status oven
step "restart keeps bans"
fail2ban-client set oven banip 192.0.2.8; systemctl restart fail2ban; retry 20 sh -c 'nft list ruleset | grep -q 192.0.2.8'
`,
  notes: "follows a log, sets packet filters through nft, bans kept over a restart",
};
