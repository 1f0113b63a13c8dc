import type { Daemon } from "./daemon.ts";

export const rabbitmq: Daemon = {
  name: "rabbitmq-server",
  packages: ["rabbitmq-server", "python3", "logrotate"],
  units: ["rabbitmq-server.service"],
  setup: String.raw`
cat > /root/amqp.py <<'END'
"""Publishes and fetches one message over the management interface, which needs no client library."""
import base64, json, sys, urllib.request
def call(method, path, body=None):
    request = urllib.request.Request("http://127.0.0.1:15672/api" + path, method=method, data=None if body is None else json.dumps(body).encode())
    request.add_header("Authorization", "Basic " + base64.b64encode(b"guest:guest").decode()); request.add_header("Content-Type", "application/json")
    text = urllib.request.urlopen(request, timeout=10).read()
    return json.loads(text) if text else None
if sys.argv[1] == "put":
    call("PUT", "/queues/%2F/bread", {"durable": True})
    for i in range(200): assert call("POST", "/exchanges/%2F/amq.default/publish", {"properties": {"delivery_mode": 2}, "routing_key": "bread", "payload": "loaf %d" % i, "payload_encoding": "string"})["routed"]
else:
    got = call("POST", "/queues/%2F/bread/get", {"count": 500, "ackmode": "ack_requeue_true", "encoding": "auto"})
    assert len(got) == 200, len(got)
END
`,
  probe: String.raw`
active rabbitmq-server
step "the command line talks to the node"
retry 30 rabbitmqctl -q status; rabbitmqctl -q await_startup
step "plugins are switched on while it runs"
rabbitmq-plugins -q enable rabbitmq_management; port 15672
step "messages kept on disk"
retry 20 python3 /root/amqp.py put; retry 10 python3 /root/amqp.py get
step "users, policies"
rabbitmqctl -q add_user baker rye; rabbitmqctl -q set_permissions baker '.*' '.*' '.*'; rabbitmqctl -q authenticate_user baker rye | grep -qi success
step "the compiled code of Erlang"
holds "$(rabbitmqctl -q eval 'erlang:system_info(emu_flavor).')" 'jit'
step "memory and disk alarms know the machine"
holds "$(rabbitmqctl -q status)" 'Free Disk'
step "its log"
ls /var/log/rabbitmq/*.log > /dev/null
step "restart keeps messages"
systemctl restart rabbitmq-server; retry 60 rabbitmqctl -q await_startup; port 15672; retry 20 python3 /root/amqp.py get
`,
  notes:
    "Erlang's JIT, epmd and os_mon helper programs, plugins at run time, durable messages over a restart",
};
