import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Failure } from '../src/api/errors.js';
import { accept, dropped, nameOf, pasted, refusal, typeOf } from '../src/upload/files.js';
import { hash } from '../src/upload/hash.js';
import { type Job, type JobEvent, next, type Phase, sum } from '../src/upload/job.js';
import { headline, remaining } from '../src/upload/words.js';

const job = (phase: Phase, more: Partial<Job> = {}): Job => ({ id: '1', name: 'a.jpg', type: 'image/jpeg', bytes: 100, phase, done: 0, ...more });
const failed: JobEvent = { is: 'failed', failure: { code: 'OFFLINE', message: 'Gone.', retry: true } };
const after = (first: Job, ...events: JobEvent[]) => events.reduce(next, first);

describe('a job', () => {
  test('goes from hashing to sent', () => {
    const sent = after(job('hashing'), { is: 'progress', done: 50 }, { is: 'hashed', sha256: 'ab' }, { is: 'announced', imageId: 'i' }, { is: 'progress', done: 70 }, { is: 'sent' });
    expect(sent).toEqual({ ...job('sent'), sha256: 'ab', imageId: 'i', done: 100 });
  });

  test('what comes too late changes nothing', () => {
    for (const phase of ['sent', 'had', 'failed', 'lost'] as const) {
      const before = job(phase);
      for (const event of [{ is: 'progress', done: 5 }, { is: 'hashed', sha256: 'x' }, { is: 'announced', imageId: 'i' }, { is: 'expired' }] as JobEvent[]) {
        expect(next(before, event)).toBe(before);
      }
    }
    expect(next(job('sent'), failed).phase).toBe('sent');
  });

  test('progress is never beyond the file', () => {
    expect(next(job('sending'), { is: 'progress', done: 1e9 }).done).toBe(100);
    expect(next(job('sending'), { is: 'progress', done: -1 }).done).toBe(0);
  });

  test('a retry hashes only what has no hash yet, and forgets the failure', () => {
    expect(after(job('hashing'), failed, { is: 'retried' })).toEqual(job('hashing'));
    expect(after(job('hashing'), { is: 'hashed', sha256: 'ab' }, failed, { is: 'retried' })).toEqual({ ...job('ready'), sha256: 'ab' });
  });

  test('a signature that ran out is asked for anew', () => {
    expect(after(job('sending', { done: 40, sha256: 'ab' }), { is: 'expired' })).toMatchObject({ phase: 'ready', done: 0, sha256: 'ab' });
  });
});

describe('all jobs', () => {
  const all = [job('hashing', { done: 60 }), job('sending', { done: 40 }), job('sent', { done: 100 }), job('had', { done: 100 }), job('failed'), job('lost')];

  test('are one bar', () => {
    expect(sum(all)).toEqual({ files: 6, over: 3, had: 1, failed: 1, lost: 1, bytes: 600, done: 340, moving: true });
    expect(sum([])).toMatchObject({ files: 0, bytes: 0, moving: false });
  });

  test('are told in words', () => {
    expect(headline(sum(all))).toBe('Uploading 4 of 6');
    expect(headline(sum(all.slice(2)))).toBe('1 uploaded, 1 there already, 1 failed, 1 to choose again');
    expect(remaining(sum(all), 2)).toBe('about 2 minutes left');
    expect(remaining(sum(all), 0)).toBe('');
  });
});

describe('files', () => {
  const file = (name: string, type = '', size = 1) => ({ name, type, size }) as File;

  test.each([
    ['a.jpg', 'image/jpeg', 'image/jpeg'], ['a.HEIC', '', 'image/heic'], ['a.CR3', '', 'image/x-canon-cr3'], ['a.b.Tif', 'application/octet-stream', 'image/tiff'],
    ['a.svg', 'image/svg+xml', undefined], ['a.txt', 'text/plain', undefined], ['jpg', '', 'image/jpeg'], ['a', 'image/evil;x=1', undefined],
  ])('%s of type %j is announced as %j', (name, type, want) => expect(typeOf({ name, type })).toBe(want));

  test('what cannot be sent is refused at once', () => {
    expect(refusal(file('a.jpg'))).toBeUndefined();
    expect(refusal(file('a.txt'))).toMatch('not a picture');
    expect(refusal(file('a.jpg', '', 0))).toMatch('empty');
    expect(refusal(file('a.jpg', '', 512 * 2 ** 20 + 1))).toMatch('512 MB');
  });

  test('names lose control characters and length, and keep their extension', () => {
    expect(nameOf('a\u0000\nb.jpg')).toBe('ab.jpg');
    expect(nameOf('  ')).toBe('picture');
    expect(nameOf('\ud800.jpg')).toBe('\ufffd.jpg');
    const long = nameOf(`${'📷'.repeat(100)}.jpeg`);
    expect(long).toMatch(/^(📷)+\.jpeg$/u);
    expect(new TextEncoder().encode(long).length).toBeLessThanOrEqual(255);
  });

  test('a paste is named by its time', () => {
    const files = [new File(['x'], 'image.png', { type: 'image/png' }), new File(['x'], 'n.txt'), new File(['y'], 'image.png', { type: 'image/png' })];
    const named = pasted({ files } as unknown as DataTransfer, new Date('2026-11-26T12:30:05Z'));
    expect(named.map(({ name }) => name)).toEqual(['Pasted 2026-11-26 12.30.05.png', 'Pasted 2026-11-26 12.30.05 2.png']);
  });

  test('a folder is walked, and what is no picture in it is left', async () => {
    const entry = (name: string) => ({ name, isFile: true, isDirectory: false, file: (ok: (f: File) => void) => ok(new File(['x'], name)) });
    const folder = (name: string, inside: unknown[]) => ({
      name, isFile: false, isDirectory: true,
      createReader: () => ({ readEntries: (ok: (e: unknown[]) => void) => ok(inside.splice(0, 2)) }), // browsers give a few at a time
    });
    const tree = folder('trip', [entry('a.jpg'), entry('notes.txt'), folder('day 1', [entry('b.heic'), entry('.DS_Store')]), folder('.git', [entry('c.jpg')]), entry('d.png')]);
    const files = await dropped({ items: [{ webkitGetAsEntry: () => tree }], files: [] } as unknown as DataTransfer);
    expect(files.map(({ name }) => name)).toEqual(['a.jpg', 'b.heic', 'd.png']);
  });

  test('pickers offer raw files too', () => expect(accept).toContain('.cr3'));
});

describe('hashing', () => {
  const bytes = new Uint8Array(9 * 2 ** 20 + 5).map((_, i) => i * 31);
  const want = createHash('sha256').update(bytes).digest('hex');

  test('by the browser and piece by piece is the same', async () => {
    const heard: number[] = [];
    expect(await hash(new Blob([bytes]))).toBe(want);
    expect(await hash(new Blob([bytes]), (n) => heard.push(n), null as never)).toBe(want);
    expect(heard).toEqual([4 * 2 ** 20, 8 * 2 ** 20, bytes.length]);
  });

  test('of nothing', async () => {
    expect(await hash(new Blob([]), () => {}, null as never)).toBe(createHash('sha256').digest('hex'));
  });
});

test('a failure that may pass is known from one that stays', () => {
  expect([new Failure('INTERNAL', '').passing, new Failure('QUOTA_EXCEEDED', '').passing]).toEqual([true, false]);
});
