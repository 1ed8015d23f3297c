// Appends to a durable store until it is killed, and prints what was acknowledged:
// node durable-writer.js <path> <durability> <channels> <appends at once>
import { durableStore } from '../../dist/plugins/events/stores/durable.js';

const [path, durability, channels, atOnce] = process.argv.slice(2);
const store = await durableStore({ path, durability, limit: 1_000_000 });
await store.follow(({ id }) => process.stdout.write(`reported ${id}\n`));
process.stdout.write('open\n');

async function write(lane) {
  for (let n = 0; ; n += 1) {
    const data = `${process.pid}-${lane}-${n}`;
    const { id, channel } = await store.append(`channel-${n % channels}`, { event: 'tick', data });
    process.stdout.write(`stored ${id} ${channel} ${data}\n`);
  }
}
for (let lane = 0; lane < atOnce; lane += 1) write(lane);
