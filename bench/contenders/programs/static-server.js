// node static-server.js <folder> <port>
import fastifyStatic from '@fastify/static';
import Fastify from 'fastify';

const [, , root, port] = process.argv;
const app = Fastify();
await app.register(fastifyStatic, { root });
await app.listen({ port: Number(port), host: '127.0.0.1' });
