import { channel } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import type { ChannelStream } from './stream.ts';

/** What can be observed of a channel; `stream` is undefined for a sink of the app's own. */
export interface Observations {
  readonly subscribe: { readonly channel: string; readonly stream: ChannelStream | undefined };
  readonly unsubscribe: { readonly channel: string; readonly stream: ChannelStream | undefined };
  /** This process has published an event, and it is stored. */
  readonly publish: { readonly channel: string; readonly id: string; readonly event: string };
  /** A reader has lost events: it is told so, or gets a snapshot instead. */
  readonly lost: { readonly channel: string; readonly stream: ChannelStream | undefined };
  /** The server closes. */
  readonly close: { readonly channel: string };
}

export type ObservationListener<Name extends keyof Observations> = (
  observation: Observations[Name],
) => void;

const diagnostics = {
  subscribe: channel('dev-serve:subscribe'),
  unsubscribe: channel('dev-serve:unsubscribe'),
  publish: channel('dev-serve:publish'),
  lost: channel('dev-serve:lost'),
  close: channel('dev-serve:close'),
} as const satisfies Record<keyof Observations, unknown>;

export const OBSERVATIONS = ['subscribe', 'unsubscribe', 'publish', 'lost', 'close'] as const;

/** Who listens to which channel, kept for as long as they do. */
export class Observers {
  readonly #emitters = new Map<string, EventEmitter>();

  get channels(): readonly string[] {
    return [...this.#emitters.keys()];
  }

  add<Name extends keyof Observations>(
    observed: string,
    name: Name,
    listener: ObservationListener<Name>,
  ): void {
    const emitter = this.#emitters.get(observed) ?? new EventEmitter();
    this.#emitters.set(observed, emitter.on(name, listener));
  }

  remove<Name extends keyof Observations>(
    observed: string,
    name: Name,
    listener: ObservationListener<Name>,
  ): void {
    const emitter = this.#emitters.get(observed)?.off(name, listener);
    if (emitter?.eventNames().length === 0) this.#emitters.delete(observed);
  }

  /**
   * Tells the listeners, and those of `node:diagnostics_channel`. As there, one that throws crashes
   * the process and not the one who was observed.
   */
  tell<Name extends keyof Observations>(name: Name, observation: Observations[Name]): void {
    if (diagnostics[name].hasSubscribers) diagnostics[name].publish(observation);
    for (const listener of this.#emitters.get(observation.channel)?.listeners(name) ?? []) {
      try {
        Reflect.apply(listener, undefined, [observation]);
      } catch (error) {
        process.nextTick(() => {
          throw error;
        });
      }
    }
  }
}
