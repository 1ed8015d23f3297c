export type { EventReader } from './testing/event-reader.ts';
export {
  type InjectableApp,
  type InjectedRequest,
  type ReadEventsOptions,
  readEvents,
} from './testing/read-events.ts';
export type {
  AnyReceivedEvent,
  ReceivedEvent,
  ServerEvents,
  StreamHead,
} from './testing/received-event.ts';
export type { OpenStore, StoreOptions, StoreSecondOpeners } from './testing/store/context.ts';
export { type StoreTest, storeTests } from './testing/store-tests.ts';
