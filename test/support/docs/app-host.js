// Runs apps for the tests of documents, one at a time: to load Fastify for each took longer than all
// that is asked of it. Told the path of a program, it imports that; told nothing, it closes its app. It
// answers with what went wrong, or nothing.
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';

const home = process.cwd();
const intervals = new Set();
const { setInterval } = globalThis;
globalThis.setInterval = (...args) => {
  const interval = setInterval(...args);
  intervals.add(interval);
  return interval;
};

let running;

async function start(path) {
  process.chdir(dirname(path));
  running = await import(pathToFileURL(path));
}

async function stop() {
  // Whatever publishes now and then would publish to what is closed.
  for (const interval of intervals) clearInterval(interval);
  intervals.clear();
  const { app } = running ?? {};
  running = undefined;
  if (app !== undefined) {
    // Those that clients keep for later would keep it open for a minute.
    const cut = setInterval(() => app.server.closeAllConnections(), 10);
    await app.close().finally(() => clearInterval(cut));
  }
  process.chdir(home);
}

process.on('message', async (path) => {
  try {
    await stop();
    if (path !== '') await start(path);
    process.send('');
  } catch (error) {
    process.send(error.stack);
  }
});
process.on('disconnect', () => process.exit());
