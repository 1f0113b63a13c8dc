import type { Daemon } from "./daemon.ts";

export const larder: Daemon = {
  name: "larder",
  packages: ["passwd", "puma", "ruby-sinatra"],
  units: ["larder.service"],
  setup: String.raw`
useradd -r -m -d /var/www/larder larder
mkdir -p /var/www/larder/tmp/pids /var/www/larder/log /var/www/larder/public
cat > /var/www/larder/config.ru <<'X'
require "sinatra/base"; require "open3"; require "tempfile"
class App < Sinatra::Base
  set :host_authorization, { permitted_hosts: [] }
  get("/") { "larder" }
  post("/keep") { File.write("public/#{params[:n]}", request.params["v"]); "kept" }
  get("/run") { Open3.capture2e("sort", stdin_data: "b\na\n")[0] }
  get("/hot") { s=0; 200_000.times { |i| s += i * 3 % 7 }; "s#{s}" }
end
run App
X
cat > /var/www/larder/puma.rb <<'X'
workers 2
threads 1, 4
bind "tcp://127.0.0.1:9292"
bind "unix:///run/larder/puma.sock"
pidfile "tmp/pids/puma.pid"
stdout_redirect "log/out.log", "log/err.log", true
X
chown -R larder: /var/www/larder
printf '[Service]\nType=notify\nUser=larder\nRuntimeDirectory=larder\nWorkingDirectory=/var/www/larder\nEnvironment=RUBYOPT=--yjit\nExecStart=/usr/bin/puma -C puma.rb\nExecReload=/bin/kill -USR1 $MAINPID\n' > /etc/systemd/system/larder.service
`,
  probe: String.raw`
active larder; port 9292; u=http://127.0.0.1:9292
step page; same larder "$(curl -sS $u/)"; same larder "$(curl -sS --unix-socket /run/larder/puma.sock http://x/)"
step keep; same kept "$(curl -sS -d 'n=a&v=rye' $u/keep)"; same rye "$(cat /var/www/larder/public/a)"
step run; same "a b" "$(curl -sS $u/run | tr '\n' ' ' | sed 's/ $//')"; for i in 1 2 3 4 5 6; do holds "$(curl -sS $u/hot)" '^s'; done
step reload; systemctl reload larder; sleep 2; retry 10 curl -fsS $u/; test -s /var/www/larder/log/out.log
step restart; systemctl restart larder; port 9292; same larder "$(curl -sS $u/)"
`,
  notes:
    "Ruby with forked workers and compiled code: files, a helper program, a socket beside the port, phased restart",
};
