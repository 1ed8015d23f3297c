// One node of several that share a log in Redis: node redis-node.js <url> <channels>
import { createHistogram } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { own } from '../contenders/own-package.js';
import { answer } from './answer.js';

const [, , url = '', count] = process.argv;
const { redisStore } = await own('./stores/redis');
const { createEventHub } = await own('./http');
const client = createClient({ url });
client.on('error', () => {});
await client.connect();
const hub = createEventHub({ store: redisStore({ client }) });
const channels = Array.from({ length: Number(count) }, (_, index) => hub.channel(`c${index}`));

let received = 0;
const latencies = createHistogram();
const now = () => Number(process.hrtime.bigint()) / 1e6;

const sink = {
  /** @param {readonly { event: string, data: string }[]} events */
  write(events) {
    for (const { event, data } of events) {
      if (event !== 'message') continue;
      received += 1;
      latencies.record(Math.max(1, Math.round((now() - Number(data)) * 1000)));
    }
    return true;
  },
  close() {},
};

/** @type {NodeJS.CpuUsage} */
let cpu = process.cpuUsage();

answer({
  async subscribe() {
    for (const channel of channels) channel.subscribe(sink);
    await channels[0].publish({ event: 'first', data: '' });
  },
  begin() {
    received = 0;
    latencies.reset();
    cpu = process.cpuUsage();
  },
  /** So many messages, so many a second, each stamped when it is published. */
  async publish({ messages, perSecond }) {
    const begun = now();
    const under = [];
    for (let index = 0; index < messages; index += 1) {
      await delay(Math.max(0, begun + (index * 1000) / perSecond - now()));
      under.push(channels[index % channels.length].publish({ data: String(now()) }));
    }
    await Promise.all(under);
  },
  figures() {
    const { user, system } = process.cpuUsage(cpu);
    const at = (/** @type {number} */ part) => latencies.percentile(part) / 1000;
    return { received, micros: user + system, p50: at(50), p99: at(99) };
  },
});
