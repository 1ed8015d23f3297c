export type { OpenStore, StoreOptions, StoreSecondOpeners } from './testing/store/context.ts';
export { type StoreTest, storeTests } from './testing/store-tests.ts';
