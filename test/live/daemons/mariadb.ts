import type { Daemon } from "./daemon.ts";

export const mariadb: Daemon = {
  name: "mariadb-server",
  packages: ["mariadb-server", "mariadb-client", "mariadb-backup", "logrotate"],
  units: ["mariadb.service"],
  setup: String.raw`
useradd -m baker
`,
  probe: String.raw`
active mariadb
q() { local db=mysql; [ $# -lt 2 ] || db=$2; mariadb -N -B -e "$1" "$db"; }
retry 20 mariadb -e 'select 1'
step "databases, users, login of another user over the UNIX socket by its identity"
q 'create database bakery; create user baker identified via unix_socket; grant all on bakery.* to baker; create user shop@localhost identified by "rye"; grant all on bakery.* to shop@localhost'
same 'baker@localhost' "$(su baker -c 'mariadb -N -B bakery -e "select user()"')"
same shop@localhost "$(mariadb -N -B -h 127.0.0.1 -u shop -prye bakery -e 'select user()')"
step "write in transactions, InnoDB and Aria and MyISAM"
for engine in InnoDB Aria MyISAM; do q "create table t_$engine(id int auto_increment primary key, w double, s text) engine=$engine; insert into t_$engine(w, s) select rand(), md5(seq) from seq_1_to_20000" bakery; same 20000 "$(q "select count(*) from t_$engine" bakery)"; done
step "LOAD DATA from a server file and from the client, SELECT INTO OUTFILE"
q 'select id, w, s from t_InnoDB into outfile "/var/lib/mysql/bakery/out.csv"' bakery
q 'create table back like t_InnoDB; load data infile "/var/lib/mysql/bakery/out.csv" into table back' bakery; same 20000 "$(q 'select count(*) from back' bakery)"
seq 1 100 > /root/n.csv; mariadb --local-infile=1 bakery -e 'create table n(i int); load data local infile "/root/n.csv" into table n'; same 100 "$(q 'select count(*) from n' bakery)"
step "sort and temporary tables on disk"
q 'set sort_buffer_size=65536, tmp_memory_table_size=0; select s, count(*) from t_InnoDB group by s order by s desc' bakery > /dev/null
step "procedure, event, online alter"
mariadb bakery -e 'create procedure p() begin declare i int default 0; while i < 1000 do set i = i + 1; end while; insert into n values(i); end; ' -e 'call p()' 2> /dev/null || mariadb --delimiter=// bakery -e 'create procedure p() begin declare i int default 0; while i < 1000 do set i = i + 1; end while; insert into n values(i); end// call p()//'
q 'alter table t_InnoDB add index(s(10)), algorithm=inplace' bakery
step "a plugin loaded at run time"
q "install soname 'auth_ed25519'"; q 'show plugins' | grep -q ed25519
step "dump and physical backup"
mariadb-dump --all-databases | tail -1 | grep -q 'Dump completed'
mariadb-backup --backup --target-dir=/var/backups/full > /tmp/backup.log 2>&1 || fail "$(tail -5 /tmp/backup.log)"
step "logs: slow and error, flushed as logrotate does"
q 'set global slow_query_log = on; set global long_query_time = 0; set global general_log = on'; q 'select 4711' > /dev/null; grep -rqs 4711 /var/lib/mysql/*.log
q 'flush logs'
logrotate -f /etc/logrotate.d/mariadb
step "reload where the unit has one; restart keeps the data"
systemctl restart mariadb; retry 20 mariadb -e 'select 1'
same 20000 "$(q 'select count(*) from t_InnoDB' bakery)"
step "killed: systemd starts it again and InnoDB recovers"
before=$(mainpid mariadb); kill -9 "$before"; sleep 1; active mariadb; retry 30 mariadb -e 'select 1'
same 20000 "$(q 'select count(*) from t_InnoDB' bakery)"
`,
  notes:
    "socket identity and password login, three engines, LOAD DATA and OUTFILE, plugin at run time, backup, logs, restart, crash recovery",
};
