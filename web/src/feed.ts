// The feed: what happened to a user's images, in order, each change once, whatever the network does.
//
// The subscription only makes it quick. What happened is in the numbered feed, and a gap in the numbers, a reconnect or a
// timer says when to read it. Nothing is remembered here but the last number and a few events that came too early: which
// version of an image is shown, the application knows.

import type { Clock, ImageEvent, Source, Versioned, View } from './source.js';

/** Milliseconds. */
export const pace = {
  settle: 5_000, // after start_ack, when AppSync may still lose events
  busy: 30_000, // between two readings while something is unfinished, or the socket is down
  idle: 300_000, // between two readings otherwise
  request: 30_000, // for one answer
  retry: 1_000, // after a first failure; twice that after the next, …
  patience: 60_000, // … up to this
};

export interface Options {
  /** Go on after this number, with the images shown already. Without it, all images come first. */
  after?: number;
  /** Ends the feed. */
  signal?: AbortSignal;
  /** Hears of failures. All are retried: this is for telling the user, or for signing in again. */
  problem?(reason: unknown): void;
  pace?: Partial<typeof pace>;
  clock?: Clock;
  random?(): number;
}

const page = 100; // events that are asked for at once; the most there is
const maxHeld = 256; // events that came too early

/** Feed feeds the view from its construction until the signal. */
export class Feed<I extends Versioned> {
  /** The number of the last event delivered; undefined while all images are read. */
  last: number | undefined;
  /** Settles when the feed has ended: rejects with what the view threw. */
  readonly done: Promise<void>;

  private readonly pace: typeof pace;
  private readonly clock: Clock;
  private readonly held = new Map<number, ImageEvent>();
  private restart: { head: number; cursor: string | null } | undefined; // how far all images have been read
  private reading = false;
  private again = false; // read once more
  private read = 0; // when a reading last succeeded
  private failures = 0; // of readings, one after another
  private refusals = 0; // of subscriptions, one after another
  private down = true; // the socket is
  private ended = false;
  private unsubscribe: (() => void) | undefined;
  private abandon: (() => void) | undefined; // the request under way
  private readonly timers: Record<'tick' | 'settle' | 'again', () => void> = { tick() {}, settle() {}, again() {} };
  private readonly aborted = () => this.stop();
  private finish!: (reason?: unknown) => void;

  constructor(
    private readonly source: Source<I>,
    private readonly view: View<I>,
    private readonly options: Options = {},
  ) {
    this.pace = { ...pace, ...options.pace };
    this.clock = options.clock ?? realClock;
    this.last = options.after;
    this.done = new Promise((resolve, reject) => {
      this.finish = (reason) => (reason === undefined ? resolve() : reject(reason));
    });
    options.signal?.addEventListener('abort', this.aborted);
    if (options.signal?.aborted) this.stop();
    else this.subscribe();
    this.look();
  }

  /** Ends the feed: nothing is delivered any more. */
  stop(reason?: unknown): void {
    if (this.ended) return;
    this.ended = true;
    for (const cancel of Object.values(this.timers)) cancel();
    this.options.signal?.removeEventListener('abort', this.aborted);
    this.abandon?.();
    this.unsubscribe?.();
    this.finish(reason);
  }

  /** Reads the feed now, or once more after the reading under way. Call it at focus, and when the device is online again. */
  look(): void {
    this.again = true;
    if (this.reading || this.ended) return;
    this.reading = true;
    this.catchUp().then(
      () => this.looked(undefined),
      (reason) => this.looked(reason ?? new Error('no reason')),
    );
  }

  private looked(failure: unknown): void {
    this.reading = false;
    if (this.ended) return;
    if (failure === undefined) {
      this.failures = 0;
      this.read = this.clock.now();
      this.set('tick', this.pace.busy, () => this.tick());
    } else {
      this.set('tick', this.backoff(this.failures++), () => this.look());
      this.options.problem?.(failure);
    }
  }

  private tick(): void {
    const quiet = this.clock.now() - this.read;
    if (this.down || quiet >= this.pace.idle || this.guarded(() => this.view.unfinished())) this.look();
    else this.set('tick', this.pace.busy, () => this.tick());
  }

  /** Delivers everything after the last event. What comes meanwhile by the socket is delivered as well. */
  private async catchUp(): Promise<void> {
    for (let overs = 0; this.again && !this.ended; ) {
      this.again = false;
      if (this.last === undefined) await this.readImages();
      if (!(await this.readChanges())) continue;
      this.last = undefined;
      this.again = true;
      if (overs++ > 0) throw new Error('the feed started over twice in a row');
    }
  }

  /** Answers whether to start over. */
  private async readChanges(): Promise<boolean> {
    for (let more = true; more && !this.ended; ) {
      const from = this.last!;
      const { events, head, startOver } = await this.within(this.source.changes(from, page));
      if (startOver) return true;
      for (const event of events) {
        if (event.seq > this.last! + 1) throw new Error(`the feed answered event ${event.seq} after ${this.last}`);
        this.take(event);
      }
      more = this.last! > from && this.last! < head;
    }
    return false;
  }

  /** Notes the head, pages through all images, and goes on after the head. A failure is taken up where it happened. */
  private async readImages(): Promise<void> {
    if (!this.restart) {
      const { head } = await this.within(this.source.changes(0, 1));
      this.guarded(() => this.view.reset());
      this.restart = { head, cursor: null };
    }
    do {
      const { images, next } = await this.within(this.source.images(this.restart.cursor));
      for (const image of images) {
        if (!this.ended && this.isNews(image)) this.guarded(() => this.view.image(image));
      }
      this.restart.cursor = next;
    } while (this.restart.cursor !== null && !this.ended);
    this.last = this.restart.head;
    this.restart = undefined;
    this.release();
  }

  /** Delivers the next event; keeps one that came too early, unless there are too many; drops one that was there. */
  private take(event: ImageEvent): void {
    if (this.last !== undefined && event.seq <= this.last) return;
    if (this.held.size < maxHeld || event.seq - 1 === this.last) this.held.set(event.seq, event);
    this.release();
  }

  /** Delivers what is held and next. */
  private release(): void {
    if (this.last === undefined) return;
    for (const seq of this.held.keys()) if (seq <= this.last) this.held.delete(seq);
    for (let next; !this.ended && (next = this.held.get(this.last + 1)); ) {
      const event = next;
      this.held.delete(event.seq);
      this.last = event.seq;
      if (this.isNews(event)) this.guarded(() => this.view.event(event));
    }
  }

  private isNews({ id, version }: Versioned): boolean {
    return version > (this.guarded(() => this.view.version(id)) ?? Infinity);
  }

  private subscribe(): void {
    let current = true; // a subscription that was given up may still speak
    const heard = (f: () => void) => current && !this.ended && f();
    const end = this.source.subscribe({
      live: () => heard(() => this.live()),
      lost: () => heard(() => void (this.down = true)),
      event: (event) => heard(() => this.hear(event)),
      ended: (reason) =>
        heard(() => {
          current = false;
          this.down = true;
          this.unsubscribe?.();
          this.unsubscribe = undefined;
          this.set('again', this.backoff(this.refusals++), () => this.subscribe());
          this.options.problem?.(reason);
        }),
    });
    if (current && !this.ended) this.unsubscribe = end;
    else end();
  }

  private live(): void {
    this.down = false;
    this.refusals = 0;
    this.look();
    this.set('settle', this.pace.settle, () => this.look());
  }

  private hear(event: ImageEvent | null): void {
    if (event) this.take(event);
    if (!event || this.last === undefined || event.seq > this.last) this.look();
  }

  private set(timer: keyof typeof this.timers, ms: number, call: () => void): void {
    this.timers[timer]();
    if (!this.ended) this.timers[timer] = this.clock.after(ms, call);
  }

  private backoff(failures: number): number {
    const longest = Math.min(this.pace.patience, this.pace.retry * 2 ** Math.min(failures, 30));
    return longest * (0.5 + (this.options.random ?? Math.random)() / 2);
  }

  /** An answer that does not come is a failure: no request may hold up the feed. */
  private within<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error(`no answer within ${this.pace.request} ms`));
      const cancel = this.clock.after(this.pace.request, late);
      this.abandon = () => (cancel(), reject(new Error('the feed has ended')));
      answer.then(resolve, reject).finally(cancel);
    });
  }

  /** Calls the view. What it throws ends the feed. */
  private guarded<T>(call: () => T): T | undefined {
    try {
      return call();
    } catch (reason) {
      this.stop(reason ?? new Error('the view threw nothing'));
      return undefined;
    }
  }
}

const realClock: Clock = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};
