// What survives a reload: each unfinished upload, and its file where the browser has the room.
import type { Job } from './job.js';

/** Kept is an upload as it is stored. */
export interface Kept {
  id: string;
  user: string;
  /** The page that is at work on it. */
  tab: string;
  name: string;
  type: string;
  bytes: number;
  sha256?: string;
  imageId?: string;
  /** Missing where there was no room for it. */
  file?: Blob;
  at: number;
}

export interface Keep {
  put(job: Job, file: Blob | undefined): Promise<void>;
  /** Notes how far it has come. */
  note(job: Job): Promise<void>;
  drop(id: string): Promise<void>;
  /** What other pages, now closed, have left of this user's, the oldest first. It is this page's from now on. */
  adopt(): Promise<Kept[]>;
}

const store = 'uploads';
/** Of all files together: what is beyond must be chosen again after a reload. */
const room = 2 * 2 ** 30;

/** keepIn keeps uploads in IndexedDB. Where there is none, as in some private windows, nothing survives. */
export async function keepIn(factory: IDBFactory, user: string, tab: string, isOpen: (tab: string) => Promise<boolean>): Promise<Keep> {
  const db = await opened(factory);
  let used = 0;
  const write = (kept: Kept) => done(db.transaction(store, 'readwrite').objectStore(store).put(kept));
  const read = (id: string) => done<Kept | undefined>(db.transaction(store).objectStore(store).get(id));
  return {
    async put({ id, name, type, bytes }, file) {
      const kept: Kept = { id, user, tab, name, type, bytes, at: Date.now() };
      const fits = file !== undefined && used + file.size <= room;
      if (fits) used += file.size;
      // The browser may refuse a file that its estimate allowed: what can be kept is kept.
      await write(fits ? { ...kept, file } : kept).catch(() => write(kept));
    },
    async note({ id, sha256, imageId }) {
      const kept = await read(id);
      if (kept) await write({ ...kept, ...(sha256 && { sha256 }), ...(imageId && { imageId }) });
    },
    async drop(id) {
      used -= (await read(id))?.file?.size ?? 0;
      await done(db.transaction(store, 'readwrite').objectStore(store).delete(id));
    },
    async adopt() {
      const all = await done<Kept[]>(db.transaction(store).objectStore(store).getAll());
      const left: Kept[] = [];
      for (const kept of all) if (kept.user === user && kept.tab !== tab && !(await isOpen(kept.tab))) left.push({ ...kept, tab });
      for (const kept of left) await write(kept);
      used += left.reduce((n, { file }) => n + (file?.size ?? 0), 0);
      return left.sort((a, b) => a.at - b.at);
    },
  };
}

/** nowhere keeps nothing. */
export const nowhere: Keep = {
  put: async () => {},
  note: async () => {},
  drop: async () => {},
  adopt: async () => [],
};

/** openTab names this page, and answers whether another one is open: an open page holds a lock of its name. */
export function openTab(locks: LockManager | undefined, signal: AbortSignal): { tab: string; isOpen(tab: string): Promise<boolean> } {
  const name = (tab: string) => `darkroom-uploads-${tab}`;
  const tab = Math.random().toString(36).slice(2);
  const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  locks?.request(name(tab), () => ended);
  return {
    tab,
    async isOpen(other) {
      if (!locks) return false;
      return (await locks.query()).held?.some((lock) => lock.name === name(other)) ?? false;
    },
  };
}

function opened(factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open('darkroom', 1);
  request.onupgradeneeded = () => void request.result.createObjectStore(store, { keyPath: 'id' });
  return done(request);
}

function done<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () => reject(request.error);
  });
}
