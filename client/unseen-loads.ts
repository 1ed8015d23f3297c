type Callable = CallableFunction | NewableFunction;

/** Whether there are threads, whose loads are not among the records of the page. */
export class UnseenLoads {
  #isPossible = false;

  /** @param script URL of the client, which has a worker of its own */
  constructor(script: string) {
    const start = (url: unknown): void => {
      this.#isPossible ||= url !== script;
    };
    if ('Worker' in globalThis) globalThis.Worker = observed(Worker, start);
    if ('SharedWorker' in globalThis) globalThis.SharedWorker = observed(SharedWorker, start);
    // "Secure contexts" alone have worklets.
    if (!('Worklet' in globalThis)) return;
    Worklet.prototype.addModule = observed(Worklet.prototype.addModule, start);
  }

  get isPossible(): boolean {
    return this.#isPossible || Boolean(navigator.serviceWorker?.controller);
  }
}

/** The same function or class to all who use it. */
function observed<T extends Callable>(target: T, onCall: (first: unknown) => void): T {
  return new Proxy(target, {
    apply(call, receiver, values) {
      onCall(values[0]);
      return Reflect.apply(call, receiver, values);
    },
    construct(create, values, newTarget) {
      onCall(values[0]);
      return Reflect.construct(create, values, newTarget);
    },
  });
}
