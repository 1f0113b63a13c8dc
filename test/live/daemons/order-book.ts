import type { Daemon } from "./daemon.ts";

export const orderBook: Daemon = {
  name: "order-book",
  packages: ["python3", "passwd"],
  units: ["order-book.service"],
  files: [
    { from: "order-book.py", to: "/opt/order-book/order-book.py" },
    { from: "order-book.service", to: "/etc/systemd/system/order-book.service" },
  ],
  setup: String.raw`
useradd --system --home-dir /opt/order-book orders
install -d -o orders -g orders /opt/order-book/data /var/log/order-book
`,
  probe: String.raw`
active order-book; port 8080
step "orders are kept"
same 1 "$(curl -sSf -d '{"bread": "rye"}' http://127.0.0.1:8080/orders)"; same 2 "$(curl -sSf -d '{"cake": "plum"}' http://127.0.0.1:8080/orders)"
holds "$(curl -sSf http://127.0.0.1:8080/orders)" plum; grep -q plum /opt/order-book/data/orders.json
step "many at once"
for i in $(seq 1 20); do curl -sSf -d '{"n": 1}' http://127.0.0.1:8080/orders > /dev/null & done; wait
same 23 "$(curl -sSf -d '{}' http://127.0.0.1:8080/orders)"
step "a helper program and the load"
holds "$(curl -sSf http://127.0.0.1:8080/disk)" '[0-9]'; holds "$(curl -sSf http://127.0.0.1:8080/load)" '[0-9]'
step "its log"
grep -q 'order .*plum' /var/log/order-book/app.log
step "restart keeps the orders"
systemctl restart order-book; port 8080; same 24 "$(curl -sSf -d '{}' http://127.0.0.1:8080/orders)"
step "killed: started again"
kill -9 "$(mainpid order-book)"; sleep 0.5; port 8080; holds "$(curl -sSf http://127.0.0.1:8080/orders)" plum
`,
  notes: "writes below /opt and /var/log as its unit never says, threads, a helper program, restart",
};
