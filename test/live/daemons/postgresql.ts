import type { Suite } from "../harness/roots.ts";
import type { Daemon } from "./daemon.ts";

const versions: Readonly<Record<Suite, number>> = { bookworm: 15, trixie: 17, sid: 18 };

export const postgresql: Daemon = {
  name: "postgresql",
  packages: suite => ["postgresql", "logrotate", "sudo", ...(suite === "sid" ? ["postgresql-18-jit"] : [])],
  units: suite => [`postgresql@${versions[suite]}-main.service`],
  setup: String.raw`
useradd -m baker
`,
  probe: String.raw`
unit=$(systemctl list-units --plain --no-legend 'postgresql@*' | awk '{print $1; exit}')
active "$unit"
version=$(echo "$unit" | sed 's/.*@\(.*\)-main.*/\1/'); conf=/etc/postgresql/$version/main/postgresql.conf
q() { su postgres -c "psql -X -q -At -v ON_ERROR_STOP=1 $(printf '%q ' "$@")"; }
retry 20 su postgres -c 'psql -Atc "select 1"'
step "roles and a database, peer login of another user over the UNIX socket"
q -c 'create role baker login'; q -c "alter role baker password 'rye'"; q -c 'create database bakery owner baker'
same baker "$(su baker -c 'psql -At bakery -c "select current_user"')"
step "write"
q -d bakery -c 'create table loaf(id serial primary key, weight float8, name text)' -c "insert into loaf(weight, name) select random(), md5(i::text) from generate_series(1, 50000) i"
same 50000 "$(q -d bakery -c 'select count(*) from loaf')"
step "password login over TCP with TLS"
same t "$(PGPASSWORD=rye psql -At 'host=127.0.0.1 user=baker dbname=bakery sslmode=require' -c 'select ssl from pg_stat_ssl where pid = pg_backend_pid()')"
step "a compiled query"
out=$(q -d bakery -c 'set jit = on' -c 'set jit_above_cost = 0' -c 'set jit_optimize_above_cost = 0' -c 'set jit_inline_above_cost = 0' -c 'explain (analyze) select sum(weight * id) from loaf where weight > 0.5')
holds "$out" 'JIT:'
step "parallel workers with shared memory"
out=$(q -d bakery -c 'set parallel_setup_cost = 0' -c 'set parallel_tuple_cost = 0' -c 'set min_parallel_table_scan_size = 0' -c 'explain (analyze) select count(*) from loaf')
holds "$out" 'Workers Launched: [1-9]'
step "sort on disk, index, vacuum"
q -d bakery -c "set work_mem = '64kB'" -c 'select name from loaf order by name desc' > /dev/null
q -d bakery -c 'create index on loaf(name)' -c 'vacuum full analyze loaf'
step "procedures and an extension"
q -d bakery -c "do \$\$ declare n int := 0; begin for i in 1..1000 loop n := n + i; end loop; assert n = 500500; end \$\$"
q -d bakery -c 'create extension if not exists pgcrypto' -c "select crypt('a', gen_salt('bf'))" > /dev/null
step "COPY to a file of the data directory and through a program"
q -d bakery -c "copy loaf to '/var/lib/postgresql/loaf.csv' csv" -c "copy loaf to program 'gzip > /var/lib/postgresql/loaf.gz'"
zcat /var/lib/postgresql/loaf.gz | wc -l | grep -q 50000
step "archiving through a shell command"
install -d -o postgres /var/lib/postgresql/archive
q -c "alter system set archive_mode = on" -c "alter system set archive_command = 'cp %p /var/lib/postgresql/archive/%f'"
systemctl restart "$unit"; retry 20 su postgres -c 'psql -Atc "select 1"'
q -c 'select pg_switch_wal()' > /dev/null
retry 15 sh -c 'ls /var/lib/postgresql/archive | grep -q .'
step "reload"
echo "log_min_duration_statement = 0" >> "$conf"; systemctl reload "$unit"; retry 5 sh -c 'su postgres -c "psql -Atc \"show log_min_duration_statement\"" | grep -qx 0'
q -c 'select 4711' > /dev/null
retry 5 grep -q 4711 /var/log/postgresql/postgresql-"$version"-main.log
step "log rotation"
logrotate -f /etc/logrotate.d/postgresql-common; q -c 'select 4712' > /dev/null
step "base backup through the replication protocol, and a dump"
su postgres -c 'pg_basebackup -D /var/lib/postgresql/backup -X stream -c fast'
su postgres -c 'pg_dump bakery' | grep -q 'CREATE TABLE'
step "crash of a worker is survived"
pid=$(q -c 'select pid from pg_stat_activity where backend_type = '"'walwriter'"); kill -9 "$pid"; sleep 0.5
retry 20 su postgres -c 'psql -Atc "select 1"'
same 50000 "$(q -d bakery -c 'select count(*) from loaf')"
step restart
systemctl restart "$unit"; retry 20 su postgres -c 'psql -Atc "select 1"'
same 50000 "$(q -d bakery -c 'select count(*) from loaf')"
`,
  notes:
    "peer and password login, TLS, JIT-compiled query, parallel workers, COPY PROGRAM, archiving, extension, backup, crash recovery",
};
