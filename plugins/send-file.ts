import type { FastifyReply } from 'fastify';
import { closeWithClient, hasLeft } from './events/leaving.ts';
import { contentTypeOf } from './files/content-type.ts';
import { fileAnswer } from './files/file-answer.ts';
import { FileBody } from './files/file-body.ts';
import { fileError } from './files/file-error.ts';
import type { OpenFile } from './files/open-file.ts';
import { declaredCharset } from './html/charset.ts';

const CHARSET_BYTES = 1024;
const REFUSALS: Readonly<Record<number, string>> = {
  412: 'Precondition failed\n',
  416: 'Range not satisfiable\n',
};

/**
 * Answers with an open file, and closes it in every end. All that is said of it is read from it.
 *
 * @param name of the file, which tells its type
 * @param isPlain whether conditions and ranges are about something else than this file
 * @throws UnreadableFileError
 */
export async function sendFile(
  reply: FastifyReply,
  { handle, stats }: OpenFile,
  name: string,
  isPlain: boolean,
): Promise<FastifyReply> {
  const { request, raw } = reply;
  let body: FileBody | undefined;
  try {
    const { method, headers } = request;
    const answer = fileAnswer({ method, headers: isPlain ? {} : headers }, stats);
    if (answer.status !== 200) reply.code(answer.status);
    // "no-cache": kept, but asked for again each time, so an edit is never hidden by a cache.
    reply.headers({ ...answer.headers, 'cache-control': 'no-cache' });
    const refusal = REFUSALS[answer.status];
    if (refusal !== undefined) return reply.type('text/plain; charset=utf-8').send(refusal);
    // A 304 has no content, so it says nothing of one; null would be JSON.
    if (answer.part === undefined) return reply.send();
    const type = contentTypeOf(name);
    // A charset in the header overrides the page's own, so a page that names one keeps it.
    const charset = type === 'text/html' ? await charsetOf(handle) : undefined;
    reply.header('content-type', charset === undefined ? type : `${type}; charset=${charset}`);
    if (method === 'HEAD' || hasLeft(request.raw, raw)) return reply.send();
    body = new FileBody(handle, answer.part.start, answer.part.end);
  } finally {
    if (body === undefined) await handle.close();
  }
  closeWithClient(body, request.raw, raw);
  return reply.send(body);
}

async function charsetOf(handle: OpenFile['handle']): Promise<string> {
  const bytes = Buffer.alloc(CHARSET_BYTES);
  const { bytesRead } = await handle.read(bytes, 0, CHARSET_BYTES, 0).catch((error: unknown) => {
    throw fileError(error);
  });
  return declaredCharset(bytes.subarray(0, bytesRead)) ?? 'utf-8';
}
