/** All daemons of the table, in its order. Adding one is adding a file and a line here. */
import { apache2 } from "./apache2.ts";
import { atd } from "./atd.ts";
import { avahi } from "./avahi.ts";
import { bind9 } from "./bind9.ts";
import { bird } from "./bird.ts";
import { boxer } from "./boxer.ts";
import { chrony } from "./chrony.ts";
import { cron } from "./cron.ts";
import { cups } from "./cups.ts";
import type { Daemon } from "./daemon.ts";
import { dnsmasq } from "./dnsmasq.ts";
import { dovecot } from "./dovecot.ts";
import { exim4 } from "./exim4.ts";
import { fail2ban } from "./fail2ban.ts";
import { fcgiwrap } from "./fcgiwrap.ts";
import { haproxy } from "./haproxy.ts";
import { jar } from "./jar.ts";
import { kea } from "./kea.ts";
import { keepalived } from "./keepalived.ts";
import { keeper } from "./keeper.ts";
import { larder } from "./larder.ts";
import { lighttpd } from "./lighttpd.ts";
import { lldpd } from "./lldpd.ts";
import { logrotate } from "./logrotate.ts";
import { manDb } from "./man-db.ts";
import { mariadb } from "./mariadb.ts";
import { memcached } from "./memcached.ts";
import { mosquitto } from "./mosquitto.ts";
import { munge } from "./munge.ts";
import { muninNode } from "./munin-node.ts";
import { nbdServer } from "./nbd-server.ts";
import { nftables } from "./nftables.ts";
import { nginx } from "./nginx.ts";
import { nodeExporter } from "./node-exporter.ts";
import { nullmailer } from "./nullmailer.ts";
import { oldOven } from "./old-oven.ts";
import { openssh } from "./openssh.ts";
import { openvpn } from "./openvpn.ts";
import { orderBook } from "./order-book.ts";
import { pantry } from "./pantry.ts";
import { pgbouncer } from "./pgbouncer.ts";
import { phpFpm } from "./php-fpm.ts";
import { postfix } from "./postfix.ts";
import { postgresql } from "./postgresql.ts";
import { proftpd } from "./proftpd.ts";
import { prosody } from "./prosody.ts";
import { rabbitmq } from "./rabbitmq.ts";
import { ramShelf } from "./ram-shelf.ts";
import { redis } from "./redis.ts";
import { rsyslog } from "./rsyslog.ts";
import { samba } from "./samba.ts";
import { scale } from "./scale.ts";
import { ser2net } from "./ser2net.ts";
import { slapd } from "./slapd.ts";
import { squid } from "./squid.ts";
import { syncthing } from "./syncthing.ts";
import { ticker } from "./ticker.ts";
import { tomcat } from "./tomcat.ts";
import { unbound } from "./unbound.ts";
import { uuidd } from "./uuidd.ts";
import { varnish } from "./varnish.ts";
import { vsftpd } from "./vsftpd.ts";
import { watcher } from "./watcher.ts";

export const daemons: readonly Daemon[] = [
  nginx,
  apache2,
  redis,
  postgresql,
  openssh,
  haproxy,
  memcached,
  dnsmasq,
  mariadb,
  phpFpm,
  cron,
  rsyslog,
  orderBook,
  ticker,
  keeper,
  postfix,
  unbound,
  bind9,
  squid,
  avahi,
  openvpn,
  rabbitmq,
  tomcat,
  vsftpd,
  dovecot,
  atd,
  lighttpd,
  mosquitto,
  chrony,
  cups,
  logrotate,
  manDb,
  uuidd,
  exim4,
  samba,
  slapd,
  kea,
  keepalived,
  lldpd,
  fail2ban,
  nftables,
  varnish,
  proftpd,
  prosody,
  syncthing,
  nodeExporter,
  bird,
  ramShelf,
  oldOven,
  boxer,
  jar,
  pantry,
  scale,
  larder,
  pgbouncer,
  nullmailer,
  nbdServer,
  muninNode,
  watcher,
  munge,
  fcgiwrap,
  ser2net,
];
