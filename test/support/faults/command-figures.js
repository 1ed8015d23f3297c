// Loaded before the command, whose server nothing else can ask: node --import command-figures.js
import { EventEmitter } from 'node:events';
import { addFigures } from './figures.js';

const server = Object.assign(new EventEmitter(), { closeIdleConnections() {} });
const answerFigures = (_path, handler) => {
  process.on('message', async (query) => process.send(await handler({ query })));
};
addFigures({ server, get: answerFigures }, () => ({ streams: 0, channels: 0 }));
// The way to the test keeps nothing alive.
process.channel.unref();
