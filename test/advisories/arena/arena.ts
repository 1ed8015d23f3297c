import {
  createDevServer,
  type DevServer,
  type DevServerOptions,
} from '../../../server/create-dev-server.ts';
import { Command } from './command.ts';
import { type Folder, makeFolder } from './folder.ts';
import { Target } from './target.ts';
import { Upstream } from './upstream.ts';

/** A dev server in this process. */
export class LocalTarget extends Target {
  readonly server: DevServer;

  constructor(port: number, server: DevServer) {
    super(port);
    this.server = server;
  }

  static async start(options: DevServerOptions): Promise<LocalTarget> {
    const server = await createDevServer({
      ...{ host: '127.0.0.1', port: 0, onNotice: () => {} },
      ...options,
    });
    return new LocalTarget(Number(new URL(await server.listen()).port), server);
  }

  async end(): Promise<void> {
    this.close();
    await this.server.close();
  }
}

/** What all probes attack: started once, with no option that would make it safer. */
export interface Arena {
  readonly folder: Folder;
  /** From the sources, with a mount at `/lib`. */
  readonly dev: LocalTarget;
  /** Passes `/api` on to `/v1` of the upstream, and all the rest to its root. */
  readonly proxied: LocalTarget;
  readonly upstream: Upstream;
  /** The built command: it can crash. */
  readonly command: Command;
  /** Promises of this process that were left to reject. */
  readonly rejections: readonly unknown[];
  end(): Promise<void>;
}

export async function startArena(): Promise<Arena> {
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown) => rejections.push(reason);
  process.on('unhandledRejection', onRejection);
  const [folder, upstream] = await Promise.all([makeFolder(), Upstream.start()]);
  const { root } = folder;
  const proxy = { '/': upstream.url, '/api': `${upstream.url}/v1` };
  const [dev, proxied, command] = await Promise.all([
    LocalTarget.start({ root, mount: { '/lib': folder.mounted } }),
    LocalTarget.start({ root, proxy }),
    Command.start(root),
  ]);
  return {
    ...{ folder, dev, proxied, upstream, command, rejections },
    async end() {
      await Promise.all([dev.end(), proxied.end(), command.end()]);
      await upstream.close();
      await folder.remove();
      process.off('unhandledRejection', onRejection);
    },
  };
}
