/**
 * @typedef {{ readonly do: string, readonly [more: string]: unknown }} Request
 */

/**
 * Answers what the runner asks over the channel to its children. Without a runner there is no reason
 * to go on: the process ends, however the runner did.
 * @param {Record<string, (request: any) => unknown>} handlers by the name of what is to be done
 */
export function answer(handlers) {
  process.on('message', async (/** @type {any} */ { id, request }) => {
    try {
      const handler = handlers[request.do];
      if (!handler) throw new Error(`nobody does ${request.do}`);
      process.send?.({ id, result: await handler(request) });
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? error.message : String(error) });
    }
  });
  process.once('disconnect', () => process.exit());
  // Ctrl-C goes to the whole group; the runner asks for the results so far, then ends its children.
  process.on('SIGINT', () => {});
}
