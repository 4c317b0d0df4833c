// The gallery as it was when it was last seen, so that it opens at once and reads only what happened since.
import type { Picture } from './picture.js';

/** What is kept: the pictures, and the number of the feed's event up to which they are true. */
export interface Kept {
  last: number;
  pictures: Picture[];
  /** Whether those in the trash are among them. */
  trashRead: boolean;
}

export interface Cache {
  read(): Promise<Kept | undefined>;
  write(kept: Kept): Promise<void>;
  clear(): Promise<void>;
}

const form = 1; // of what is kept; another one is not read
const store = 'galleries';
/** More would take longer to read than to ask for. */
const most = 50_000;

/** cacheIn keeps one user's gallery in IndexedDB. Links are left out: they run out, and open pictures to whoever has them. */
export async function cacheIn(factory: IDBFactory, user: string): Promise<Cache> {
  const db = await opened(factory);
  const all = (mode: IDBTransactionMode) => db.transaction(store, mode).objectStore(store);
  return {
    async read() {
      const found = await done<(Kept & { form: number }) | undefined>(all('readonly').get(user));
      return found?.form === form ? found : undefined;
    },
    async write({ last, pictures, trashRead }) {
      if (pictures.length > most) return void (await done(all('readwrite').delete(user)));
      const bare = pictures.map(({ renditions: _, ...rest }) => rest);
      await done(all('readwrite').put({ form, last, pictures: bare, trashRead }, user));
    },
    clear: async () => void (await done(all('readwrite').delete(user))),
  };
}

/** none keeps nothing: some private windows have no IndexedDB. */
export const none: Cache = { read: async () => undefined, write: async () => {}, clear: async () => {} };

function opened(factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open('darkroom-gallery', 1);
  request.onupgradeneeded = () => void request.result.createObjectStore(store);
  return done(request);
}

function done<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () => reject(request.error);
  });
}
