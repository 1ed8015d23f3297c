import type { FastifyReply } from 'fastify';
import { closeWithClient, hasLeft } from './events/leaving.ts';
import { contentTypeOf } from './files/content-type.ts';
import { fileAnswer } from './files/file-answer.ts';
import { FileBody, readSmallPart } from './files/file-body.ts';
import type { FileDescriptor } from './files/file-descriptor.ts';
import { fileError } from './files/file-error.ts';
import type { OpenFile } from './files/open-file.ts';
import { declaredCharset } from './html/charset.ts';
import { factsOf } from './html/page-facts.ts';

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
  { descriptor, stats }: OpenFile,
  name: string,
  isPlain: boolean,
): Promise<FastifyReply> {
  const { request, raw } = reply;
  let body: FileBody | undefined;
  try {
    const { method, headers } = request;
    const answer = fileAnswer({ method, headers: isPlain ? {} : headers }, stats);
    const { status, part } = answer;
    if (status !== 200) reply.code(status);
    // "no-cache": kept, but asked for again each time, so an edit is never hidden by a cache.
    reply.header('cache-control', 'no-cache');
    const refusal = REFUSALS[status];
    if (refusal !== undefined) {
      return reply.headers(answer.headers).type('text/plain; charset=utf-8').send(refusal);
    }
    // A 304 has no content, so it says nothing of one; null would be JSON.
    if (part === undefined) return reply.headers(answer.headers).send();
    // For HEAD as well: what becomes of a page on its way is known when it has gone it.
    const bytes = await readSmallPart(descriptor, part);
    let type = contentTypeOf(name);
    if (type === 'text/html') {
      // Of what tells no size, as files of the system do, the disk is asked all the same.
      const isWhole = status === 200 && bytes !== undefined && bytes.length > 0;
      const { charset = 'utf-8' } = isWhole ? factsOf(bytes) : await beginningOf(descriptor);
      // A charset in the header overrides the page's own, so a page that names one keeps it.
      type = `text/html; charset=${charset}`;
    }
    // Last what a page that is injected has not: it is quickest to take back.
    reply.header('content-type', type).headers(answer.headers);
    if (hasLeft(request.raw, raw)) return reply.send();
    if (bytes !== undefined) return reply.send(bytes);
    if (method === 'HEAD') return reply.send();
    body = new FileBody(descriptor, part);
  } finally {
    if (body === undefined) await descriptor.close();
  }
  closeWithClient(body, request.raw, raw);
  return reply.send(body);
}

async function beginningOf(file: FileDescriptor): Promise<{ charset: string | undefined }> {
  const bytes = Buffer.allocUnsafe(CHARSET_BYTES);
  try {
    return { charset: declaredCharset(bytes.subarray(0, await file.read(bytes, 0))) };
  } catch (error) {
    throw fileError(error);
  }
}
