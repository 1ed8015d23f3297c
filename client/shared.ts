import { Connection } from './connection.ts';
import type { TabMessage, WorkerMessage } from './messages.ts';
import { preferring } from './preferred-transport.ts';
import { type Frame, type Options, PING_MS, type Transport } from './protocol.ts';

/** A worker that has not said anything by then (blocked, not loaded) is not waited for. */
const FIRST_WORD_MS = 5000;
/** A worker that is silent for so long is not there any more. */
const SILENCE_MS = 2.5 * PING_MS;

export interface Stream {
  close(): void;
}

export interface StreamListener {
  frame(frame: Frame): void;
  proven(transport: Transport): void;
}

export interface StreamOptions extends Options {
  /** URL of the SharedWorker's script. */
  readonly script: string;
  /** Name of the SharedWorker: another one for another version or configuration. */
  readonly name: string;
}

/** Where and how to go on. */
export interface Resume {
  readonly cursor?: string | undefined;
  readonly transport?: Transport | undefined;
}

/** The stream that all tabs share through a SharedWorker, or one of this tab's own. */
export function openStream(
  options: StreamOptions,
  resume: Resume,
  listener: StreamListener,
): Stream {
  try {
    const { script, name } = options;
    return joinWorker(new SharedWorker(script, { name }), options, resume, listener);
  } catch {
    // There is no such thing in this browser, or not for this page.
    return openOwn(options, resume, listener);
  }
}

function openOwn(options: Options, resume: Resume, listener: StreamListener): Stream {
  const preferred = preferring(options, resume.transport);
  return new Connection(preferred, resume.cursor, { ...listener, reconnecting() {} });
}

function joinWorker(
  worker: SharedWorker,
  options: StreamOptions,
  resume: Resume,
  listener: StreamListener,
): Stream {
  const { port } = worker;
  let { cursor, transport } = resume;
  let next: Stream | undefined;
  const post = (message: TabMessage): void => port.postMessage(message);
  const leave = (): void => {
    clearTimeout(watch);
    worker.onerror = port.onmessage = null;
    post({ type: 'bye' });
    port.close();
  };
  const replaceBy = (open: typeof openStream): void => {
    leave();
    next = open(options, { cursor, transport }, listener);
  };
  let watch = setTimeout(replaceBy, FIRST_WORD_MS, openOwn);
  worker.onerror = () => replaceBy(openOwn);
  port.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
    clearTimeout(watch);
    watch = setTimeout(replaceBy, SILENCE_MS, openStream);
    switch (data.type) {
      case 'behind':
        return replaceBy(openOwn);
      case 'ping':
        return post({ type: 'here', ...(cursor && { cursor }), ...(transport && { transport }) });
      case 'proven':
        transport = data.transport;
        return listener.proven(transport);
      case 'frame':
        cursor = data.frame.id;
        return listener.frame(data.frame);
    }
  };
  return { close: () => (next ? next.close() : leave()) };
}
