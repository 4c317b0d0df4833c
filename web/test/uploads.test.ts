import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, test, vi } from 'vitest';
import { Failure } from '../src/api/errors.js';
import type { Announced, Announcement } from '../src/upload/api.js';
import { type Keep, keepIn } from '../src/upload/keep.js';
import { Refused } from '../src/upload/transfer.js';
import { type Tools, Uploads } from '../src/upload/uploads.js';

const image = (id: string) => ({ id, version: 1 }) as never;
const file = (name: string, text = name) => new File([text], name, { type: 'image/jpeg' });

/** A store and an API that keep what they are sent: by hash, as the real ones do. */
class Cloud {
  readonly stored = new Map<string, string>();
  readonly announced: Announcement[][] = [];
  readonly signed: number[] = [];
  readonly parts = new Map<number, string>();
  sending = 0;
  most = 0;
  completed = 0;
  partBytes = 0; // files above it go in parts
  /** Called before each request; may throw. */
  before: (what: string, detail: string) => void | Promise<void> = () => {};

  tools = (more: Partial<Tools> = {}): Tools => ({
    server: {
      announce: async (uploads) => {
        this.announced.push(uploads);
        await this.before('announce', uploads[0]!.filename);
        return uploads.map((upload) => this.answer(upload));
      },
      signPart: async (_, { number }) => (this.signed.push(number), { url: `part-${number}`, method: 'PUT', headers: [] }),
      arrived: async () => new Set(this.parts.keys()),
      complete: async (id) => (this.completed++, image(id)),
    },
    put: async ({ url }, body, progress) => {
      this.sending++;
      this.most = Math.max(this.most, this.sending);
      try {
        await this.before('put', url);
        progress(body.size);
        const text = await body.text();
        if (url.startsWith('part-')) this.parts.set(Number(url.slice(5)), text);
        else this.stored.set(url, text);
      } finally {
        this.sending--;
      }
    },
    hash: async (blob) => `hash of ${await blob.text()}`,
    pause: async (attempt) => {
      if (attempt >= 3) throw new Failure('OFFLINE', 'No connection.');
    },
    shown: () => {},
    later: (call) => queueMicrotask(call),
    ...more,
  });

  private answer({ filename, bytes, sha256 }: Announcement): Announced {
    if (filename.startsWith('refused')) return { __typename: 'UploadFailure', code: 'QUOTA_EXCEEDED', field: null, message: 'quota' };
    if (this.stored.has(sha256)) return { __typename: 'AlreadyHave', image: image(sha256) };
    const expiresAt = '2026-11-26T12:00:00.000Z';
    if (this.partBytes && bytes > this.partBytes) {
      return { __typename: 'UploadParts', image: image(sha256), partBytes: this.partBytes, parts: Math.ceil(bytes / this.partBytes), expiresAt };
    }
    return { __typename: 'UploadTarget', image: image(sha256), url: sha256, method: 'PUT', headers: [], expiresAt };
  }
}

const phases = (uploads: Uploads) => Object.fromEntries(uploads.snapshot().jobs.map(({ name, phase }) => [name, phase]));

/** settled returns when nothing moves any more; what was just begun has moved by then. */
async function settled(uploads: Uploads) {
  await new Promise((resolve) => setImmediate(resolve));
  await vi.waitFor(() => expect(uploads.snapshot().jobs.length > 0 && !uploads.snapshot().total.moving).toBe(true), { interval: 5 });
}

describe('uploads', () => {
  test('many files are announced in batches, and sent four at a time', async () => {
    const cloud = new Cloud();
    cloud.before = () => new Promise((resolve) => setImmediate(resolve));
    const uploads = new Uploads(cloud.tools());
    uploads.add(Array.from({ length: 90 }, (_, i) => file(`${i}.jpg`)));
    await settled(uploads);
    expect(cloud.stored.size).toBe(90);
    expect(cloud.most).toBe(4);
    expect(Math.max(...cloud.announced.map((a) => a.length))).toBeLessThanOrEqual(25);
    expect(uploads.snapshot().total).toMatchObject({ files: 90, over: 90, failed: 0, done: uploads.snapshot().total.bytes });
  });

  test('what the server has is not sent', async () => {
    const cloud = new Cloud();
    cloud.stored.set('hash of same', 'same');
    const uploads = new Uploads(cloud.tools());
    uploads.add([file('a.jpg', 'same'), file('b.jpg', 'other')]);
    await settled(uploads);
    expect(phases(uploads)).toEqual({ 'a.jpg': 'had', 'b.jpg': 'sent' });
    expect([...cloud.stored.keys()]).toEqual(['hash of same', 'hash of other']);
  });

  test('one that is refused does not concern the others, and can be tried again', async () => {
    const cloud = new Cloud();
    const uploads = new Uploads(cloud.tools());
    uploads.add([file('refused.jpg'), file('b.jpg'), file('note.txt')].map((f) => (f.name === 'note.txt' ? new File(['x'], 'note.txt') : f)));
    await settled(uploads);
    expect(phases(uploads)).toEqual({ 'refused.jpg': 'failed', 'b.jpg': 'sent', 'note.txt': 'failed' });
    const [refused, , note] = uploads.snapshot().jobs;
    expect(refused!.failure).toMatchObject({ code: 'QUOTA_EXCEEDED', retry: true });
    expect(note!.failure).toMatchObject({ code: 'REFUSED', retry: false });
    cloud.before = () => {};
    uploads.retry(refused!.id);
    await settled(uploads);
    expect(cloud.announced.flat().filter(({ filename }) => filename === 'refused.jpg')).toHaveLength(2);
  });

  test('a signature that ran out, or a lost answer, is announced anew', async () => {
    const cloud = new Cloud();
    let refusals = 2;
    cloud.before = (what) => {
      if (what === 'put' && refusals-- > 0) throw new Refused(refusals ? 403 : 0);
    };
    const uploads = new Uploads(cloud.tools());
    uploads.add([file('a.jpg')]);
    await settled(uploads);
    expect(phases(uploads)).toEqual({ 'a.jpg': 'sent' });
    expect(cloud.announced).toHaveLength(3);
  });

  test('after too many attempts it fails in words, and a retry begins anew', async () => {
    const cloud = new Cloud();
    cloud.before = (what) => {
      if (what === 'put') throw new Refused(0);
    };
    const uploads = new Uploads(cloud.tools());
    uploads.add([file('a.jpg')]);
    await settled(uploads);
    expect(uploads.snapshot().jobs[0]!.failure).toMatchObject({ code: 'OFFLINE', retry: true });
    cloud.before = () => {};
    uploads.retry(uploads.snapshot().jobs[0]!.id);
    await settled(uploads);
    expect(phases(uploads)).toEqual({ 'a.jpg': 'sent' });
  });

  test('an API that fails for a moment is asked again, with the same files', async () => {
    const cloud = new Cloud();
    let failures = 2;
    cloud.before = (what) => {
      if (what === 'announce' && failures-- > 0) throw new TypeError('fetch failed');
    };
    const uploads = new Uploads(cloud.tools());
    uploads.add([file('a.jpg'), file('b.jpg')]);
    await settled(uploads);
    expect(phases(uploads)).toEqual({ 'a.jpg': 'sent', 'b.jpg': 'sent' });
  });

  test('a cancelled one leaves the list, and the next takes its place', async () => {
    const cloud = new Cloud();
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    cloud.before = (what) => (what === 'put' ? held : undefined);
    const uploads = new Uploads(cloud.tools());
    uploads.add([file('a.jpg'), file('b.jpg')]);
    await vi.waitFor(() => expect(cloud.sending).toBe(2));
    uploads.cancel(uploads.snapshot().jobs[0]!.id);
    release();
    await settled(uploads);
    expect(phases(uploads)).toEqual({ 'b.jpg': 'sent' });
  });
});

describe('a file in parts', () => {
  test('sends each part once, and completes', async () => {
    const cloud = new Cloud();
    cloud.partBytes = 4;
    const uploads = new Uploads(cloud.tools());
    uploads.add([file('big.jpg', 'abcdefghij')]);
    await settled(uploads);
    expect([...cloud.parts].sort()).toEqual([[1, 'abcd'], [2, 'efgh'], [3, 'ij']]);
    expect(cloud.completed).toBe(1);
  });

  test('parts that have arrived are not sent again, those that failed are signed anew', async () => {
    const cloud = new Cloud();
    cloud.partBytes = 4;
    cloud.parts.set(2, 'efgh');
    let failures = 1;
    cloud.before = (what, url) => {
      if (what === 'put' && url === 'part-3' && failures-- > 0) throw new Refused(403);
    };
    const uploads = new Uploads(cloud.tools());
    uploads.add([file('big.jpg', 'abcdefghij')]);
    await settled(uploads);
    expect(cloud.signed.sort()).toEqual([1, 3, 3]);
    expect(uploads.snapshot().total.done).toBe(10);
  });
});

describe('a reload', () => {
  const opened = (factory: IDBFactory, tab: string, open: string[] = []): Promise<Keep> =>
    keepIn(factory, 'user', tab, async (other) => open.includes(other));

  /** A page that was closed while its uploads hung. */
  async function closed(factory: IDBFactory, cloud: Cloud, names: string[]) {
    cloud.before = (what) => (what === 'put' ? new Promise(() => {}) : undefined);
    const uploads = new Uploads(cloud.tools({ keep: await opened(factory, 'first') }));
    uploads.add(names.map((name) => file(name)));
    await vi.waitFor(() => expect(Object.values(phases(uploads))).toEqual(names.map(() => 'sending')));
    uploads.stop();
    cloud.before = () => {};
  }

  test('goes on with the files', async () => {
    const [factory, cloud] = [new IDBFactory(), new Cloud()];
    await closed(factory, cloud, ['a.jpg', 'b.jpg']);
    const uploads = new Uploads(cloud.tools({ keep: await opened(factory, 'second') }));
    await uploads.resume();
    await settled(uploads);
    expect(phases(uploads)).toEqual({ 'a.jpg': 'sent', 'b.jpg': 'sent' });
    expect(cloud.stored.get('hash of a.jpg')).toBe('a.jpg');
    const third = new Uploads(cloud.tools({ keep: await opened(factory, 'third') }));
    await third.resume();
    await vi.waitFor(() => expect(third.snapshot().jobs).toEqual([]));
  });

  test('what had arrived all the same is sent, not had before', async () => {
    const [factory, cloud] = [new IDBFactory(), new Cloud()];
    await closed(factory, cloud, ['a.jpg']);
    cloud.stored.set('hash of a.jpg', 'a.jpg');
    const uploads = new Uploads(cloud.tools({ keep: await opened(factory, 'second') }));
    await uploads.resume();
    await settled(uploads);
    expect(phases(uploads)).toEqual({ 'a.jpg': 'sent' });
  });

  test('leaves alone what another page is at', async () => {
    const [factory, cloud] = [new IDBFactory(), new Cloud()];
    await closed(factory, cloud, ['a.jpg']);
    const keep = await opened(factory, 'second', ['first']);
    expect(await keep.adopt()).toEqual([]);
    const other = await keepIn(factory, 'somebody else', 'third', async () => false);
    expect(await other.adopt()).toEqual([]);
  });

  test('asks again for a file that was not kept, and goes on when it is chosen', async () => {
    const [factory, cloud] = [new IDBFactory(), new Cloud()];
    const keep = await opened(factory, 'first');
    await keep.put({ id: 'x', name: 'a.jpg', type: 'image/jpeg', bytes: 5, phase: 'hashing', done: 0 }, undefined);
    const uploads = new Uploads(cloud.tools({ keep: await opened(factory, 'second') }));
    await uploads.resume();
    await vi.waitFor(() => expect(phases(uploads)).toEqual({ 'a.jpg': 'lost' }));
    uploads.add([file('a.jpg')]);
    await settled(uploads);
    expect(phases(uploads)).toEqual({ 'a.jpg': 'sent' });
  });
});
