/** All daemons of the table, in its order. Adding one is adding a file and a line here. */
import { apache2 } from "./apache2.ts";
import { atd } from "./atd.ts";
import { avahi } from "./avahi.ts";
import { bind9 } from "./bind9.ts";
import { chrony } from "./chrony.ts";
import { cron } from "./cron.ts";
import { cups } from "./cups.ts";
import type { Daemon } from "./daemon.ts";
import { dnsmasq } from "./dnsmasq.ts";
import { dovecot } from "./dovecot.ts";
import { haproxy } from "./haproxy.ts";
import { keeper } from "./keeper.ts";
import { lighttpd } from "./lighttpd.ts";
import { logrotate } from "./logrotate.ts";
import { manDb } from "./man-db.ts";
import { mariadb } from "./mariadb.ts";
import { memcached } from "./memcached.ts";
import { mosquitto } from "./mosquitto.ts";
import { nginx } from "./nginx.ts";
import { openssh } from "./openssh.ts";
import { openvpn } from "./openvpn.ts";
import { orderBook } from "./order-book.ts";
import { phpFpm } from "./php-fpm.ts";
import { postfix } from "./postfix.ts";
import { postgresql } from "./postgresql.ts";
import { rabbitmq } from "./rabbitmq.ts";
import { redis } from "./redis.ts";
import { rsyslog } from "./rsyslog.ts";
import { squid } from "./squid.ts";
import { ticker } from "./ticker.ts";
import { tomcat } from "./tomcat.ts";
import { unbound } from "./unbound.ts";
import { uuidd } from "./uuidd.ts";
import { vsftpd } from "./vsftpd.ts";

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
];
