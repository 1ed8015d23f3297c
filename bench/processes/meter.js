import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

/**
 * Processor time of this process and the stalls of its event loop, from now on.
 * @param {boolean} isLoopWatched where stalls count: the timer for it costs, a thousand times a second
 */
export function startMeter(isLoopWatched) {
  const loop = monitorEventLoopDelay({ resolution: 1 });
  const [cpu, begun] = [process.cpuUsage(), performance.now()];
  if (isLoopWatched) loop.enable();
  const milliseconds = () => performance.now() - begun;
  return {
    milliseconds,
    /** Milliseconds of processor time. */
    worked() {
      const { user, system } = process.cpuUsage(cpu);
      return (user + system) / 1000;
    },
    /** In microseconds, and in milliseconds what has it in its name. */
    stop() {
      loop.disable();
      const loopMax = loop.count > 0 ? loop.max / 1e6 : 0;
      return { ...process.cpuUsage(cpu), milliseconds: milliseconds(), loopMax };
    },
  };
}
