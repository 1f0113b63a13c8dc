import type { Daemon } from "./daemon.ts";

export const pgbouncer: Daemon = {
  name: "pgbouncer",
  packages: ["pgbouncer", "postgresql-17", "logrotate"],
  units: ["pgbouncer.service"],
  setup: String.raw`
systemctl start postgresql@17-main; su postgres -c "psql -c \"create user baker password 'rye'\" -c 'create database bakery owner baker'"
cat > /etc/pgbouncer/pgbouncer.ini <<'X'
[databases]
bakery = host=127.0.0.1 port=5432 dbname=bakery
[pgbouncer]
logfile = /var/log/postgresql/pgbouncer.log
pidfile = /var/run/postgresql/pgbouncer.pid
listen_addr = 127.0.0.1
listen_port = 6432
unix_socket_dir = /var/run/postgresql
auth_type = md5
auth_file = /etc/pgbouncer/userlist.txt
admin_users = baker
max_client_conn = 3000
X
echo '"baker" "rye"' > /etc/pgbouncer/userlist.txt; chown postgres /etc/pgbouncer/userlist.txt
`,
  probe: String.raw`
active pgbouncer; port 6432; export PGPASSWORD=rye
q() { psql -h 127.0.0.1 -p 6432 -U baker "$@"; }
step query; q bakery -c 'create table if not exists t(x int); truncate t'; q bakery -c 'insert into t values(1)'; same 1 "$(q bakery -Atc 'select x from t')"
step socket; same 1 "$(psql -h /var/run/postgresql -p 6432 -U baker bakery -Atc 'select x from t')"
step admin; q pgbouncer -c 'show pools' | grep -q bakery
step reload; sed -i 's/^max_client_conn.*/max_client_conn = 50/' /etc/pgbouncer/pgbouncer.ini; systemctl reload pgbouncer; sleep 0.5; q pgbouncer -Atc 'show config' | grep -q 'max_client_conn|50'
step rotate; logrotate -f /etc/logrotate.d/pgbouncer 2>/dev/null || true; retry 5 test -s /var/log/postgresql/pgbouncer.log
step restart; systemctl restart pgbouncer; port 6432; same 1 "$(q bakery -Atc 'select x from t')"
`,
  notes:
    "runs as the user of the database that it stands before, whose shared memory has to survive a restart",
};
