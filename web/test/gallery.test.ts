import { readFileSync } from 'node:fs';
import { IDBFactory } from 'fake-indexeddb';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { batchDocument } from '../src/api/batch.js';
import type { Drawn } from '../src/api/operations.js';
import { cacheIn } from '../src/gallery/cache.js';
import type { Darkroom } from '../src/darkroom.js';
import { perform, told } from '../src/gallery/deeds.js';
import { Links } from '../src/gallery/links.js';
import { choose, count, sections } from '../src/gallery/order.js';
import { isStale, type Picture, takenAt, timeOf } from '../src/gallery/picture.js';
import { Pictures } from '../src/gallery/pictures.js';
import { nothing, select, type Selection } from '../src/gallery/selection.js';
import { identity, srcSet } from '../src/gallery/sources.js';
import { retriable } from '../src/gallery/status.js';
import { blur } from '../src/gallery/thumbhash.js';
import type { ImageEvent } from '../src/source.js';

const later = '2027-01-01T00:00:00.000Z';
const rendition = (name: string, width: number, expiresAt = later) => ({ name, width, height: width, url: `https://x/${name}?sig=${expiresAt}`, expiresAt });

const picture = (id: string, more: Partial<Drawn> = {}): Drawn => ({
  id, version: 1, status: 'READY', stage: null, failure: null, failureMessage: null, filename: `${id}.jpg`, bytes: 1, width: 4, height: 3,
  placeholder: null, createdAt: '2026-11-01T10:00:00.000Z', deletedAt: null, capture: null, renditions: [rendition('large', 1024)], ...more,
});
const event = (id: string, version: number, more: Partial<ImageEvent> = {}): ImageEvent => ({
  owner: 'o', id, seq: version, version, status: 'READY', stage: null, failure: null, width: 8, height: 6, placeholder: 'p', deletedAt: null, at: later, ...more,
});
const shown = (...images: Drawn[]) => {
  const pictures = new Pictures((call) => call());
  images.forEach((image) => pictures.image(image));
  return pictures;
};

describe('trying again', () => {
  test('is offered where the bytes are there', () => {
    const failed = (failure: Drawn['failure'], more: Partial<Drawn> = {}) => picture('a', { status: 'FAILED', failure, ...more });
    expect((['TIMED_OUT', 'CORRUPT', 'UNSUPPORTED_FORMAT', 'TOO_LARGE'] as const).map((code) => retriable(failed(code)))).toEqual([true, true, true, true]);
    expect((['NEVER_ARRIVED', 'MISMATCH'] as const).map((code) => retriable(failed(code)))).toEqual([false, false]);
    expect([retriable(picture('a')), retriable(failed('CORRUPT', { deletedAt: later }))]).toEqual([false, false]);
  });

  test('shows that it is developed, and says when it failed too short ago', async () => {
    const pictures = shown(picture('a', { status: 'FAILED', failure: 'CORRUPT' }), picture('b', { status: 'FAILED', failure: 'CORRUPT' }));
    const answers = { a: picture('a', { status: 'PROCESSING', version: 2 }), b: picture('b', { status: 'FAILED', failure: 'CORRUPT' }) };
    const ask = (_: unknown, { id }: { id: 'a' | 'b' }) => Promise.resolve({ retryImage: answers[id] });
    const outcome = await perform({ ask, pictures } as unknown as Darkroom, 'retry', ['a', 'b']);
    expect([pictures.get('a')?.status, pictures.get('b')?.status]).toEqual(['PROCESSING', 'FAILED']);
    expect(told('retry', outcome)).toBe('1 picture sent to be developed again. 1 picture could not be: It failed just now. Try again in ten seconds.');
  });
});

describe('pictures', () => {
  test('an event of an unknown picture makes one, of which the rest is to be asked for', () => {
    const pictures = shown();
    pictures.event(event('019a0c00-0000-7000-8000-000000000000', 1, { status: 'PENDING', width: null, height: null }));
    const [made] = pictures.snapshot();
    expect(made).toMatchObject({ version: 1, status: 'PENDING', partial: true, createdAt: timeOf('019a0c00-0000-7000-8000-000000000000') });
    expect(pictures.unfinished()).toBe(true);
  });

  test('what becomes ready is asked for; what is thrown away too, and keeps its links meanwhile', () => {
    const pictures = shown(picture('a', { status: 'PROCESSING', renditions: [] }), picture('b'));
    pictures.event(event('a', 2));
    pictures.event(event('b', 2, { deletedAt: later }));
    expect(isStale(pictures.get('a')!, 0)).toBe(true);
    expect(isStale(pictures.get('b')!, 0)).toBe(true);
    expect(pictures.get('b')).toMatchObject({ deletedAt: later, filename: 'b.jpg', renditions: [{ name: 'large' }] });
  });

  test('what was removed for good does not come back by a late event', () => {
    const pictures = shown(picture('a'));
    pictures.remove('a');
    pictures.event(event('a', 9, { deletedAt: later }));
    expect(pictures.snapshot()).toEqual([]);
  });

  test('an answer that the feed has overtaken is dropped', () => {
    const pictures = shown(picture('a', { version: 5 }));
    pictures.answer(picture('a', { version: 4, filename: 'old.jpg' }));
    expect(pictures.get('a')!.filename).toBe('a.jpg');
  });

  test('the snapshot is the same until something changes', () => {
    const pictures = shown(picture('a'));
    const before = pictures.snapshot();
    expect(pictures.snapshot()).toBe(before);
    pictures.remove('a');
    expect(pictures.snapshot()).toEqual([]);
  });

  test('unfinished ones are counted, also when they are removed or voided', () => {
    const pictures = shown(picture('a', { status: 'PENDING' }), picture('b', { status: 'PROCESSING' }));
    pictures.remove('a');
    expect(pictures.unfinished()).toBe(true);
    pictures.event(event('b', 2, { deletedAt: later, status: 'PROCESSING' }));
    expect(pictures.unfinished()).toBe(false);
    pictures.event(event('c', 1, { status: 'PENDING' }));
    pictures.reset();
    expect(pictures.unfinished()).toBe(false);
  });
});

describe('the cache', () => {
  test('opens a gallery as it was, without links, for its user only', async () => {
    const factory = new IDBFactory();
    const cache = await cacheIn(factory, 'me');
    const before = shown(picture('a'), picture('b', { deletedAt: later }));
    await cache.write({ last: 7, pictures: before.all(), trashRead: true });
    expect(await (await cacheIn(factory, 'you')).read()).toBeUndefined();
    const kept = (await cache.read())!;
    expect(kept.last).toBe(7);
    const after = shown();
    after.restore(kept.pictures, kept.trashRead);
    expect([after.version('a'), after.version('b'), after.complete, after.trashRead]).toEqual([1, 1, true, true]);
    expect(after.get('a')).toMatchObject({ filename: 'a.jpg' });
    expect(after.get('a')!.renditions).toBeUndefined();
    await cache.clear();
    expect(await cache.read()).toBeUndefined();
  });
});

describe('links', () => {
  const now = Date.parse('2026-11-26T12:00:00Z');

  test('what ran out is asked for in batches, once, and what is gone is removed', async () => {
    const old = '2026-11-26T11:00:00.000Z';
    const ids = Array.from({ length: 30 }, (_, i) => `p${i}`);
    const pictures = shown(...ids.map((id) => picture(id, { renditions: [rendition('large', 9, old)] })), picture('fresh'));
    const asked: string[][] = [];
    const links = new Links(pictures, async (some) => (asked.push(some), some.map((id) => (id === 'p3' ? null : picture(id)))), () => now);
    links.want([...ids, 'fresh', 'unknown']);
    links.want(ids);
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked.flat().sort()).toEqual([...ids].sort());
    expect(asked.map((some) => some.length)).toEqual([24, 6]);
    expect(pictures.get('p3')).toBeUndefined();
    expect(isStale(pictures.get('p4')!, now)).toBe(false);
  });

  test('where nothing is seen that is missing, those are completed that only an event told of', async () => {
    const pictures = shown(picture('a'));
    for (const id of ['x', 'y']) pictures.event(event(id, 1));
    const links = new Links(pictures, async (ids) => ids.map((id) => picture(id, { version: 1 })), () => now);
    links.want(['a']);
    await new Promise((resolve) => setImmediate(resolve));
    expect(pictures.get('y')).toMatchObject({ filename: 'y.jpg', partial: false });
  });

  test('after a failure they are asked for later, not at once', async () => {
    let time = now;
    let calls = 0;
    const links = new Links(shown(picture('a', { renditions: [] }), picture('b', { renditions: [rendition('large', 1, '2026-01-01T00:00:00Z')] })), async () => {
      calls++;
      throw new Error('offline');
    }, () => time);
    const want = async () => (links.want(['b']), new Promise((resolve) => setImmediate(resolve)));
    await want();
    await want();
    expect(calls).toBe(1);
    time += 10_000;
    await want();
    expect(calls).toBe(2);
  });

  test('a picture that was drawn is not fetched anew for another signature', () => {
    expect(identity([rendition('a', 1, later)])).toBe(identity([rendition('a', 1, 'other')]));
    expect(srcSet([rendition('large', 1024), rendition('small', 256), rendition('square', 200)])).toMatch(/^https:\/\/x\/small\S+ 256w, https:\/\/x\/large\S+ 1024w$/);
  });
});

describe('order', () => {
  const all: Picture[] = [
    picture('1', { createdAt: '2026-10-30T10:00:00.000Z', capture: { takenAt: '2020-05-05T12:00:00.000Z', offset: null } }),
    picture('2', { createdAt: '2026-11-20T10:00:00.000Z', status: 'FAILED' }),
    picture('3', { createdAt: '2026-11-21T10:00:00.000Z', capture: { takenAt: '2026-12-31T23:30:00.000Z', offset: 60 }, status: 'PROCESSING' }),
    picture('4', { deletedAt: '2026-11-22T00:00:00.000Z' }),
  ];
  const ids = (choice: Partial<Parameters<typeof choose>[1]>) => choose(all, { place: 'photos', filter: 'all', order: 'uploaded', ...choice }).map((p) => p.id);

  test('by upload, by capture, by state, and the trash', () => {
    expect(ids({})).toEqual(['3', '2', '1']);
    expect(ids({ order: 'taken' })).toEqual(['3', '2', '1']);
    expect(ids({ filter: 'failed' })).toEqual(['2']);
    expect(ids({ filter: 'developing' })).toEqual(['3']);
    expect(ids({ place: 'trash', filter: 'failed' })).toEqual(['4']);
    expect(count(all)).toEqual({ all: 3, developing: 1, ready: 1, failed: 1, trash: 1 });
  });

  test('months are those of the camera’s clock', () => {
    expect(new Date(takenAt(all[2]!)).toISOString()).toBe('2027-01-01T00:30:00.000Z');
    const choice = { place: 'photos', filter: 'all', order: 'taken' } as const;
    expect(sections(choose(all, choice), choice, 'en')).toEqual([
      { title: 'January 2027', count: 1 }, { title: 'November 2026', count: 1 }, { title: 'May 2020', count: 1 },
    ]);
  });
});

describe('selection', () => {
  const order = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id }));
  const after = (...acts: Parameters<typeof select>[1][]): string[] => [...acts.reduce<Selection>(select, nothing).ids].sort();

  test('toggles, reaches both ways, and takes all', () => {
    expect(after({ do: 'toggle', id: 'b' }, { do: 'toggle', id: 'd' }, { do: 'toggle', id: 'b' })).toEqual(['d']);
    expect(after({ do: 'toggle', id: 'd' }, { do: 'reach', id: 'b', order })).toEqual(['b', 'c', 'd']);
    expect(after({ do: 'reach', id: 'b', order })).toEqual(['b']);
    expect(after({ do: 'all', order })).toHaveLength(5);
    expect(after({ do: 'all', order }, { do: 'clear' })).toEqual([]);
  });

  test('what is no longer there is not selected', () => {
    expect(after({ do: 'all', order }, { do: 'keep', order: order.slice(3) })).toEqual(['d', 'e']);
    const same = select(nothing, { do: 'toggle', id: 'a' });
    expect(select(same, { do: 'keep', order })).toBe(same);
  });
});

describe('thumbhash', () => {
  test('a real one is a small picture', () => {
    const pixels = blur('1QcSHQRnh493V4dIh4eXh1h4kJUI')!; // the example of its author
    expect([pixels.w, pixels.h, pixels.rgba.length]).toEqual([23, 32, 23 * 32 * 4]);
    expect([...pixels.rgba.slice(0, 4)].every((v) => v >= 0 && v <= 255)).toBe(true);
  });

  test.each(['', 'AAAA', '1QcSHQRnh493', '!!!', 'A'.repeat(4000)])('%j draws nothing', (bad) => expect(blur(bad)).toBeUndefined());
});

test('the document for several pictures is one that the schema allows', () => {
  const schema = buildSchema(readFileSync('../schema.graphqls', 'utf8'));
  expect(validate(schema, parse(batchDocument(24)))).toEqual([]);
});
