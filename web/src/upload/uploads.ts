// The queue of uploads: hashed in workers, announced in batches just ahead of sending, sent a few at a time.
import { failure, type Failure, sentence } from '../api/errors.js';
import type { Drawn } from '../api/operations.js';
import type { Announced, Parts, Server } from './api.js';
import { nameOf, refusal, typeOf } from './files.js';
import { isMoving, isOver, type Job, type JobEvent, next, sum, type Total } from './job.js';
import { type Keep, nowhere } from './keep.js';
import { sendParts } from './parts.js';
import { type Put, Refused, type Target } from './transfer.js';

export interface Tools {
  server: Server;
  put: Put;
  hash(file: Blob, progress?: (bytes: number) => void): Promise<string>;
  /** Waits before another attempt; rejects when there have been enough. */
  pause(attempt: number, signal: AbortSignal): Promise<void>;
  /** An image that the API answered: the page shows it at once. */
  shown(image: Drawn): void;
  keep?: Keep;
  later?: (call: () => void) => void;
}

const batch = 25; // as many as the API takes
const atOnce = 4; // files that are sent
const ahead = 2; // files that are announced and wait: few, so that their signatures do not run out

export interface Snapshot {
  jobs: readonly Job[];
  total: Total;
}

export class Uploads {
  private readonly jobs = new Map<string, Job>();
  private readonly files = new Map<string, Blob>();
  private readonly targets = new Map<string, Extract<Announced, { url: string }> | Parts>();
  private readonly busy = new Set<string>(); // hashed or sent just now
  private readonly ending = new AbortController();
  private readonly cancels = new Map<string, AbortController>();
  private readonly heard = new Set<() => void>();
  private readonly keep: Keep;
  private readonly attempts = new Map<string, number>(); // to send, that failed
  private announcing = false;
  private refusals = 0; // of announcements, one after another
  private number = 0;
  private last: Snapshot = { jobs: [], total: sum([]) };
  private waiting = false;

  constructor(private readonly tools: Tools) {
    this.keep = tools.keep ?? nowhere;
  }

  /** Takes files on. Those that cannot be sent fail at once; one that was lost by a reload goes on. */
  add(files: readonly File[]): void {
    for (const file of files) {
      const lost = [...this.jobs.values()].find((job) => job.phase === 'lost' && job.name === nameOf(file.name) && job.bytes === file.size);
      if (lost) {
        this.files.set(lost.id, file);
        this.tell(lost.id, { is: 'found' });
      } else this.take(file);
    }
    this.run();
  }

  /** Goes on with what was left by a page that is closed. */
  async resume(): Promise<void> {
    for (const { id, name, type, bytes, sha256, imageId, file } of await this.keep.adopt()) {
      if (file) this.files.set(id, file);
      const phase = file ? (sha256 ? 'ready' : 'hashing') : 'lost';
      this.jobs.set(id, { id, name, type, bytes, phase, done: 0, ...(sha256 && { sha256 }), ...(imageId && { imageId }) });
    }
    this.changed();
    this.run();
  }

  retry(id: string): void {
    this.tell(id, { is: 'retried' });
    this.run();
  }

  /** Forgets one, whatever it is doing. */
  cancel(id: string): void {
    this.cancels.get(id)?.abort(new Error('cancelled'));
    this.forget(id);
    this.run();
  }

  /** Takes what is over from the list. */
  clear(): void {
    for (const job of [...this.jobs.values()]) if (isOver(job)) this.forget(job.id);
  }

  stop(): void {
    this.ending.abort(new Error('the page is closing'));
  }

  /** The file of an image that is being sent from here, to be shown meanwhile. */
  file(id: string): Blob | undefined {
    return this.files.get(id);
  }

  readonly snapshot = (): Snapshot => this.last;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.heard.add(listener);
    return () => void this.heard.delete(listener);
  };

  private take(file: File): void {
    const id = `${Date.now().toString(36)}-${this.number++}-${Math.random().toString(36).slice(2, 8)}`;
    const job: Job = { id, name: nameOf(file.name), type: typeOf(file) ?? 'image/unknown', bytes: file.size, phase: 'hashing', done: 0 };
    this.jobs.set(id, job);
    const message = refusal(file);
    if (message) return this.tell(id, { is: 'failed', failure: { code: 'REFUSED', message, retry: false } });
    this.files.set(id, file);
    void this.keep.put(job, file).catch(() => {}); // it can still be sent
    this.changed();
  }

  /** Starts whatever may start now. */
  private run(): void {
    if (this.ending.signal.aborted) return;
    for (const job of this.free('hashing')) if (this.count('hashing') < 3) void this.work(job.id, () => this.hash(job));
    for (const job of this.free('sending')) if (this.count('sending') < atOnce) void this.work(job.id, () => this.send(job));
    void this.announce();
  }

  private free(phase: Job['phase']): Job[] {
    return [...this.jobs.values()].filter((job) => job.phase === phase && !this.busy.has(job.id));
  }

  private count(phase: Job['phase']): number {
    return [...this.busy].filter((id) => this.jobs.get(id)?.phase === phase).length;
  }

  private async work(id: string, what: () => Promise<void>): Promise<void> {
    this.busy.add(id);
    try {
      await what();
    } catch (reason) {
      if (!this.ending.signal.aborted) this.fail(id, reason);
    } finally {
      this.busy.delete(id);
      this.run();
    }
  }

  private async hash({ id }: Job): Promise<void> {
    const sha256 = await this.tools.hash(this.files.get(id)!, (done) => this.tell(id, { is: 'progress', done }));
    this.tell(id, { is: 'hashed', sha256 });
    await this.noted(id);
  }

  /** Announces what is ready, in batches, no earlier than it can nearly be sent. */
  private async announce(): Promise<void> {
    const ready = this.free('ready').slice(0, batch);
    if (this.announcing || ready.length === 0 || this.free('sending').length > ahead) return;
    this.announcing = true;
    try {
      const answers = await this.tools.server.announce(
        ready.map(({ name, type, bytes, sha256 }) => ({ filename: name, contentType: type, bytes, sha256: sha256! })),
      );
      ready.forEach((job, i) => this.answered(job, answers[i]));
      this.refusals = 0;
    } catch (reason) {
      await this.refused(ready, failure(reason));
    } finally {
      this.announcing = false;
      this.run();
    }
  }

  /** What may pass is waited for: the files stay ready. */
  private async refused(ready: Job[], reason: Failure): Promise<void> {
    try {
      if (!reason.passing) throw reason;
      await this.tools.pause(this.refusals++, this.ending.signal);
    } catch {
      this.refusals = 0;
      if (!this.ending.signal.aborted) for (const { id } of ready) this.fail(id, reason);
    }
  }

  private answered({ id, imageId }: Job, answer: Announced | undefined): void {
    if (!this.jobs.has(id)) return;
    if (!answer) return this.fail(id, new Error('the API answered too little'));
    if (answer.__typename === 'UploadFailure') {
      const { code, message } = answer;
      const failure = { code: code as 'UNKNOWN', message: code === 'INVALID_INPUT' ? message : sentence(code), retry: code !== 'INVALID_INPUT' };
      return this.tell(id, { is: 'failed', failure });
    }
    this.tools.shown(answer.image);
    if (answer.__typename === 'AlreadyHave') {
      // What was announced as this file before arrived after all: an answer got lost, or the page was closed just then.
      this.tell(id, imageId === answer.image.id ? { is: 'sent' } : { is: 'had', imageId: answer.image.id });
      return this.release(id);
    }
    this.targets.set(id, answer);
    this.tell(id, { is: 'announced', imageId: answer.image.id });
    void this.noted(id);
  }

  private async send({ id }: Job): Promise<void> {
    const cancel = new AbortController();
    this.cancels.set(id, cancel);
    const signal = AbortSignal.any([cancel.signal, this.ending.signal]);
    const [file, target] = [this.files.get(id)!, this.targets.get(id)!];
    const progress = (done: number) => this.tell(id, { is: 'progress', done });
    try {
      if ('partBytes' in target) await sendParts(file, target, this.tools, progress, signal);
      else if (!(await this.sendWhole(id, target, file, progress, signal))) return;
      this.tell(id, { is: 'sent' });
      this.release(id);
    } finally {
      this.cancels.delete(id);
    }
  }

  /** Answers whether it was sent; otherwise it is announced anew: its signature ran out, or its answer got lost. */
  private async sendWhole(id: string, target: Target, file: Blob, progress: (bytes: number) => void, signal: AbortSignal): Promise<boolean> {
    try {
      await this.tools.put(target, file, progress, signal);
      this.attempts.delete(id);
      return true;
    } catch (reason) {
      if (!(reason instanceof Refused)) throw reason;
      const attempt = this.attempts.get(id) ?? 0;
      this.attempts.set(id, attempt + 1);
      await this.tools.pause(attempt, signal);
      this.tell(id, { is: 'expired' });
      return false;
    }
  }

  private fail(id: string, reason: unknown): void {
    this.attempts.delete(id);
    const { code, message, field } = failure(reason instanceof Refused ? new TypeError(reason.message) : reason);
    this.tell(id, { is: 'failed', failure: { code, message, retry: field === undefined } });
  }

  /** Nothing of it is needed any more but the line in the list. */
  private release(id: string): void {
    this.targets.delete(id);
    void this.keep.drop(id).catch(() => {});
  }

  private forget(id: string): void {
    this.jobs.delete(id);
    this.files.delete(id);
    this.attempts.delete(id);
    this.release(id);
    this.changed();
  }

  private async noted(id: string): Promise<void> {
    const job = this.jobs.get(id);
    if (job) await this.keep.note(job).catch(() => {});
  }

  private tell(id: string, event: JobEvent): void {
    const job = this.jobs.get(id);
    if (!job) return;
    const after = next(job, event);
    if (after === job) return;
    this.jobs.set(id, after);
    this.changed();
  }

  private changed(): void {
    if (this.waiting) return;
    this.waiting = true;
    (this.tools.later ?? ((call) => void setTimeout(call, 80)))(() => {
      this.waiting = false;
      this.last = { jobs: [...this.jobs.values()], total: sum(this.jobs.values()) };
      for (const listener of this.heard) listener();
    });
  }

  /** Whether a file is on its way that a reload would lose. */
  get moving(): boolean {
    return [...this.jobs.values()].some(isMoving);
  }
}
