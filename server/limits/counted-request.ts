import { Http2ServerRequest } from 'node:http2';

/** A request of HTTP/2 that knows how much of its body has come: its stream does not tell. */
export class CountedRequest extends Http2ServerRequest {
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  override push(chunk: Uint8Array | null, encoding?: BufferEncoding): boolean {
    this.#bytes += chunk?.length ?? 0;
    return super.push(chunk, encoding);
  }
}
