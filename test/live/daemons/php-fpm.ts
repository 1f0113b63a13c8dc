import type { Suite } from "../harness/roots.ts";
import type { Daemon } from "./daemon.ts";

const versions: Readonly<Record<Suite, string>> = { bookworm: "8.2", trixie: "8.4", sid: "8.5" };

export const phpFpm: Daemon = {
  name: "php-fpm",
  packages: suite => [`php${versions[suite]}-fpm`, `php${versions[suite]}-curl`, "libfcgi-bin", "logrotate"],
  units: suite => [`php${versions[suite]}-fpm.service`],
  setup: String.raw`
mkdir -p /var/www/html /var/www/data; chown www-data /var/www/data
conf=$(ls -d /etc/php/*/fpm)
cat > "$conf"/conf.d/99-bakery.ini <<'END'
opcache.enable=1
opcache.jit=tracing
opcache.jit_buffer_size=32M
pcre.jit=1
END
sed -i 's/^;*pm.max_requests.*/pm.max_requests = 50/; s/^;*slowlog.*/slowlog = \/var\/log\/php-slow.log/; s/^;*access.log.*/access.log = \/var\/log\/php-$pool.access.log/; s#^;*pm.status_path.*#pm.status_path = /status#' "$conf"/pool.d/www.conf
cat > /var/www/html/page.php <<'END'
<?php
session_save_path('/var/lib/php/sessions'); session_id('bakery1'); session_start(); $_SESSION['n'] = ($_SESSION['n'] ?? 0) + 1;
$sum = 0; for ($i = 0; $i < 3000000; $i++) { $sum = ($sum + $i * 7) % 1000003; }
$status = opcache_get_status(false);
$match = preg_match('/^(?:ba|ke|ry)+(\d+)$/', 'bakery42', $m);
file_put_contents('/var/www/data/out.txt', "loaf\n", FILE_APPEND);
$temp = tempnam(sys_get_temp_dir(), 'loaf'); $isTemp = file_put_contents($temp, str_repeat('x', 100000)) === 100000; unlink($temp);
$curl = curl_init('http://127.0.0.1:9/'); curl_setopt($curl, CURLOPT_RETURNTRANSFER, true); curl_exec($curl); $refused = curl_errno($curl) === 7;
echo json_encode(['n' => $_SESSION['n'], 'sum' => $sum, 'user' => trim(shell_exec('id -un')), 'jit' => $status['jit']['on'] ?? false, 'pcre' => $m[1] ?? null, 'temp' => $isTemp, 'refused' => $refused, 'dns' => gethostbyname('localhost'), 'load' => sys_getloadavg() !== false]), "\n";
END
`,
  probe: String.raw`
unit=$(systemctl list-units --plain --no-legend 'php*-fpm.service' | awk '{print $1; exit}'); active "$unit"
sock=$(ls /run/php/php*-fpm.sock | grep -v '/php-fpm' | head -1); retry 10 test -S "$sock"
page() { SCRIPT_FILENAME=/var/www/html/$1 SCRIPT_NAME=/$1 REQUEST_METHOD=GET QUERY_STRING= cgi-fcgi -bind -connect "$sock"; }
step "a page: session, compiled loop, pattern, file, temporary file, helper program, network, names"
out=$(page page.php); holds "$out" '"n":1'; holds "$out" '"jit":true'; holds "$out" '"pcre":"42"'; holds "$out" '"user":"www-data"'; holds "$out" '"temp":true'; holds "$out" '"refused":true'; holds "$out" '"dns":"127.0.0.1"'; holds "$out" '"load":true'
holds "$(page page.php)" '"n":2'
test -s /var/lib/php/sessions/sess_bakery1; grep -q loaf /var/www/data/out.txt
journalctl --no-pager -u "$unit" | grep -i 'Cannot change protection\|allocate JIT\|preg_match.*JIT' && fail "JIT denied" || true
step "children come and go"
for i in $(seq 1 120); do page page.php > /dev/null & [ $((i % 8)) -ne 0 ] || wait; done; wait
holds "$(page page.php)" '"n":1[0-9][0-9]'
step "an upload body through a temporary file"
printf '<?php echo strlen(file_get_contents("php://input"));' > /var/www/html/up.php
head -c 3000000 /dev/zero > /tmp/body; holds "$(SCRIPT_FILENAME=/var/www/html/up.php REQUEST_METHOD=POST CONTENT_TYPE=application/octet-stream CONTENT_LENGTH=3000000 cgi-fcgi -bind -connect "$sock" < /tmp/body)" 3000000
step "access log and status page"
grep -q page.php /var/log/php-www.access.log
holds "$(SCRIPT_FILENAME=/status SCRIPT_NAME=/status REQUEST_METHOD=GET QUERY_STRING= cgi-fcgi -bind -connect "$sock")" 'accepted conn'
step "reload with a changed pool"
before=$(mainpid "$unit"); sed -i 's/^pm = .*/pm = static/; s/^pm.max_children = .*/pm.max_children = 3/' /etc/php/*/fpm/pool.d/www.conf
systemctl reload "$unit"; sleep 1; same "$before" "$(mainpid "$unit")"; holds "$(page page.php)" '"jit":true'
step "log rotation"
logrotate -f /etc/logrotate.d/php*-fpm; holds "$(page page.php)" '"n":'
step "a child that dies is replaced"
pkill -9 -o -f 'php-fpm: pool' ; sleep 0.5; holds "$(page page.php)" '"n":'
step restart
systemctl restart "$unit"; retry 10 test -S "$sock"; holds "$(page page.php)" '"n":'
`,
  notes:
    "opcache JIT and PCRE JIT compiled and used, sessions, temporary files, shell_exec, child turnover, reload, rotation",
};
