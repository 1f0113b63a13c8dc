import type { Daemon } from "./daemon.ts";

export const redis: Daemon = {
  name: "redis-server",
  packages: ["redis-server", "logrotate"],
  units: ["redis-server.service"],
  probe: String.raw`
active redis-server; port 6379
r() { redis-cli "$@"; }
step "write and read"
same OK "$(r set bread rye)"; same rye "$(r get bread)"
step "save in a forked child"
holds "$(r bgsave)" started
retry 10 sh -c 'redis-cli info persistence | grep -q rdb_bgsave_in_progress:0'
holds "$(r info persistence)" 'rdb_last_bgsave_status:ok'
test -s /var/lib/redis/dump.rdb
step "append-only file, rewritten in a child"
same OK "$(r config set appendonly yes)"
retry 10 sh -c 'redis-cli info persistence | grep -q aof_rewrite_in_progress:0'
holds "$(r info persistence)" 'aof_last_bgrewrite_status:ok'
r set cake plum > /dev/null
holds "$(r bgrewriteaof)" started
retry 10 sh -c 'redis-cli info persistence | grep -q aof_rewrite_in_progress:0'
step "configuration rewritten in place"
same OK "$(r config set maxclients 321)"; same OK "$(r config rewrite)"
fileholds /etc/redis/redis.conf 'maxclients 321'
step "Lua script, sorted by the server"
same 5050 "$(r eval 'local s = 0; for i = 1, 100 do s = s + i end; return s' 0)"
step "blocking client, publish and subscribe"
(timeout 3 redis-cli subscribe news > /tmp/news || true) & sleep 0.4; r publish news hello > /dev/null; wait; grep -q hello /tmp/news
step "log rotation"
logrotate -f /etc/logrotate.d/redis-server
r set after rotation > /dev/null; r debug sleep 0 > /dev/null 2>&1 || true
test -e /var/log/redis/redis-server.log || test -e /var/log/redis/redis-server.log.1
step "restart keeps the data"
systemctl restart redis-server; port 6379
retry 10 sh -c '[ "$(redis-cli get cake)" = plum ]'
fileholds /var/log/redis/redis-server.log 'Ready to accept connections'
`,
  notes: "forked save and append-only rewrite, CONFIG REWRITE, Lua, log rotation, data over a restart",
};
