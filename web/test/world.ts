// A small server that keeps its word and a network that does not, and a clock that is set by hand.
import type { Changes, Clock, ImageEvent, Listener, Source, Versioned, View } from '../src/source.js';

export interface Image extends Versioned {
  status: ImageEvent['status'];
}

/** Timeline is a clock: run lets time pass, and everything due in it happen. */
export class Timeline implements Clock {
  private time = 0;
  private next = 0;
  private readonly due = new Map<number, { at: number; call: () => void }>();

  now = () => this.time;

  after(ms: number, call: () => void): () => void {
    const id = this.next++;
    this.due.set(id, { at: this.time + ms, call });
    return () => void this.due.delete(id);
  }

  get pending(): number {
    return this.due.size;
  }

  async run(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await quiet();
      const [first] = [...this.due].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
      if (!first) break;
      this.due.delete(first[0]);
      this.time = first[1].at;
      first[1].call();
    }
    this.time = end;
  }
}

/** quiet returns when no promise is left to be settled. */
export const quiet = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Server numbers changes of images, and serves them to one subscriber. */
export class Server implements Source<Image> {
  readonly images_ = new Map<string, Image>();
  readonly events: ImageEvent[] = [];
  floor = 0; // events up to it have expired
  calls: string[] = [];
  listener: Listener | undefined;
  subscriptions = 0;
  pageSize = 2;
  /** Called before each answer; may throw, wait, or change the server. */
  before: (call: string) => void | Promise<void> = () => {};
  /** What the network does with an event on its way. */
  network: (event: ImageEvent, listener: Listener) => void = (event, listener) => listener.event(event);

  /** A change, numbered and announced. */
  change(id: string, status: ImageEvent['status'] = 'READY'): ImageEvent {
    const event = this.write(id, status);
    this.number(event);
    return event;
  }

  /** A change that is stored, and not numbered yet. */
  write(id: string, status: ImageEvent['status']): ImageEvent {
    const version = (this.images_.get(id)?.version ?? 0) + 1;
    this.images_.set(id, { id, version, status });
    return {
      owner: 'me', id, seq: 0, version, status, stage: null, failure: null, width: null, height: null, placeholder: null,
      deletedAt: null, at: '2026-11-26T09:00:00.000Z',
    };
  }

  number(event: ImageEvent): void {
    event.seq = this.events.length + 1;
    this.events.push(event);
    if (this.listener) this.network(event, this.listener);
  }

  async changes(after: number, first: number): Promise<Changes> {
    this.calls.push(`changes ${after}`);
    await this.before(`changes ${after}`);
    const head = this.events.length;
    if (after < this.floor || after > head) return { events: [], head, startOver: true };
    return { events: this.events.slice(after, after + first), head, startOver: false };
  }

  async images(cursor: string | null): Promise<{ images: Image[]; next: string | null }> {
    this.calls.push(`images ${cursor}`);
    await this.before(`images ${cursor}`);
    const from = Number(cursor ?? 0);
    const all = [...this.images_.values()];
    const to = from + this.pageSize;
    return { images: all.slice(from, to).map((i) => ({ ...i })), next: to < all.length ? String(to) : null };
  }

  subscribe(listener: Listener): () => void {
    this.subscriptions++;
    this.listener = listener;
    return () => {
      if (this.listener === listener) this.listener = undefined;
    };
  }
}

/** Screen is an application that is strict about what it is told. */
export class Screen implements View<Image> {
  readonly shown = new Map<string, Image>();
  readonly told: string[] = [];
  seq = 0; // of the last event; the first may be any
  resets = 0;

  version = (id: string) => this.shown.get(id)?.version ?? 0;
  unfinished = () => [...this.shown.values()].some((i) => i.status === 'PENDING' || i.status === 'PROCESSING');

  reset(): void {
    this.shown.clear();
    this.seq = 0;
    this.resets++;
    this.told.push('reset');
  }

  image(image: Image): void {
    this.show(image, `image ${image.id} ${image.version}`);
  }

  event(event: ImageEvent): void {
    if (event.seq <= this.seq) throw new Error(`event ${event.seq} after ${this.seq}`);
    this.seq = event.seq;
    this.show(event, `event ${event.id} ${event.version}`);
  }

  private show({ id, version, status }: Image, what: string): void {
    if (version <= this.version(id)) throw new Error(`${what} over version ${this.version(id)}`);
    this.shown.set(id, { id, version, status });
    this.told.push(what);
  }
}

/** A generator of numbers from 0 to 1 that a seed repeats (mulberry32). */
export function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
