import { readFile } from 'node:fs/promises';
import { onTestFinished } from 'vitest';

/** Watches the resident memory of a process, without a word to it. */
export class MemoryPeak {
  /** In bytes, so far. */
  peak = 0;
  /** How often it has looked. */
  looks = 0;

  /** `pid` of any process of this machine. */
  constructor(pid: number) {
    const look = async () => {
      const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '');
      const [, kibibytes = '0'] = /VmRSS:\s*(\d+) kB/.exec(status) ?? [];
      this.peak = Math.max(this.peak, Number(kibibytes) * 1024);
      this.looks += 1;
    };
    const timer = setInterval(() => void look(), 50);
    onTestFinished(() => clearInterval(timer));
  }
}
