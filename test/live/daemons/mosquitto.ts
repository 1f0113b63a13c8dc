import type { Daemon } from "./daemon.ts";

export const mosquitto: Daemon = {
  name: "mosquitto",
  packages: ["mosquitto", "mosquitto-clients", "ssl-cert", "logrotate"],
  units: ["mosquitto.service"],
  setup: String.raw`
mosquitto_passwd -b -c /etc/mosquitto/passwd baker rye; chown mosquitto /etc/mosquitto/passwd
install -m 640 -g mosquitto /etc/ssl/private/ssl-cert-snakeoil.key /etc/mosquitto/key.pem; cp /etc/ssl/certs/ssl-cert-snakeoil.pem /etc/mosquitto/cert.pem
cat > /etc/mosquitto/conf.d/bakery.conf <<'END'
password_file /etc/mosquitto/passwd
allow_anonymous false
autosave_interval 1
listener 1883
listener 8883
certfile /etc/mosquitto/cert.pem
keyfile /etc/mosquitto/key.pem
listener 9001 127.0.0.1
protocol websockets
END
`,
  probe: String.raw`
active mosquitto; port 1883; port 8883
a="-u baker -P rye"
step "publish and subscribe, plain and TLS"
mosquitto_sub $a -t oven -C 1 -W 10 > /tmp/got & sleep 0.5; mosquitto_pub $a -t oven -m hot; wait; same hot "$(cat /tmp/got)"
mosquitto_sub $a -p 8883 --cafile /etc/mosquitto/cert.pem --insecure -t oven -C 1 -W 10 > /tmp/got & sleep 0.7; mosquitto_pub $a -t oven -m hotter; wait; same hotter "$(cat /tmp/got)"
step "a wrong password is refused"
if mosquitto_pub -u baker -P wrong -t oven -m x 2> /dev/null; then fail "let in"; fi
step "web socket"
holds "$(curl -sSi -m 2 -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' -H 'Sec-WebSocket-Protocol: mqtt' http://127.0.0.1:9001/mqtt 2> /dev/null || true)" '101'
step "kept messages, saved to disk"
mosquitto_pub $a -t menu -m rye -r -q 1; mosquitto_sub $a -t later -q 1 -i keeper -c -W 1 > /dev/null 2>&1 || true; mosquitto_pub $a -t later -m waiting -q 1
kill -USR1 "$(mainpid mosquitto)"; retry 10 test -s /var/lib/mosquitto/mosquitto.db
step "reload: a new user"
mosquitto_passwd -b /etc/mosquitto/passwd miller oat; systemctl reload mosquitto; retry 5 mosquitto_pub -u miller -P oat -t oven -m x
step "log, rotated"
grep -q baker /var/log/mosquitto/mosquitto.log; logrotate -f /etc/logrotate.d/mosquitto; mosquitto_pub $a -t oven -m x; retry 5 test -s /var/log/mosquitto/mosquitto.log
step "restart: kept and waiting messages are there"
systemctl restart mosquitto; port 1883; same rye "$(mosquitto_sub $a -t menu -C 1 -W 5)"; same waiting "$(mosquitto_sub $a -t later -q 1 -i keeper -c -C 1 -W 5)"
`,
  notes: "TLS, passwords, web sockets, persistence by signal and over a restart, reload, rotation",
};
