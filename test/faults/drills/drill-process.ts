import { replicaOf } from "./replica.ts";
import type { Order } from "./plan.ts";

// A process that runs drills whose people are answered for, and that meets the fault it is told. What was killed in many
// processes may be taken up in one: an order each.

const orders = JSON.parse(process.argv[2] ?? "[]") as readonly Order[];
const replicas = await Promise.all(orders.map(replicaOf));
process.on("SIGTERM", () => void Promise.all(replicas.map((r) => r.stop())));
process.stdout.write("ready\n");
const [passes] = await Promise.all(replicas.map((r) => r.ended));
process.stdout.write(`${JSON.stringify(Object.fromEntries(passes ?? []))}\n`, () => process.exit(0));
