import type { FastifyInstance } from 'fastify';
import type { DevServeOptions } from './dev-serve-options.ts';
import type { FileEvent } from './files/file-events.ts';
import { guarded } from './guarded.ts';
import { functionOption } from './options.ts';
import type { Notice } from './tabs/notice.ts';
import type { ChangeOutcome } from './tabs/outcomes.ts';

/** What an instance tells its user; none of them throws. */
export interface Callbacks {
  readonly onChange: (event: FileEvent) => void;
  readonly onOutcome: (outcome: ChangeOutcome<FileEvent>) => void;
  readonly onNotice: (notice: Notice) => void;
  readonly onIgnored: ((path: string, reason: string) => void) | undefined;
}

/** @throws InvalidOptionError for one that is no function. */
export function callbacksOf(app: FastifyInstance, options: DevServeOptions): Callbacks {
  const call = <Told extends readonly unknown[]>(
    name: keyof Callbacks,
    callback: (...told: Told) => unknown,
  ) =>
    guarded(functionOption(name, callback), (error) =>
      app.log.error({ err: error }, `${name} failed`),
    );
  const { onChange = () => {}, onOutcome = () => {}, onIgnored } = options;
  const { onNotice = ({ text }) => app.log.warn(text) } = options;
  return {
    onChange: call('onChange', onChange),
    onOutcome: call('onOutcome', onOutcome),
    onNotice: call('onNotice', onNotice),
    // Without it nothing needs to be remembered of what is not watched.
    onIgnored: onIgnored && call('onIgnored', onIgnored),
  };
}
