/**
 * @param {import('fastify').FastifyInstance} app
 * @returns {Promise<number>} its port, on loopback
 */
export async function listeningApp(app) {
  const url = await app.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
  return Number(new URL(url).port);
}
