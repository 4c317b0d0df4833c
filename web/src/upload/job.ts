// One file on its way: its states, and what may follow what. Pure; uploads.ts makes it happen.
import type { Code } from '../api/errors.js';

/**
 * hashing → ready → sending → sent, or had instead of all that is left when the server knows the bytes. Anything may
 * become failed. lost is a file of before a reload that the browser did not keep: it must be chosen again.
 */
export type Phase = 'hashing' | 'ready' | 'sending' | 'sent' | 'had' | 'failed' | 'lost';

export interface Job {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly phase: Phase;
  /** Hashed while hashing, sent while sending. */
  readonly done: number;
  readonly sha256?: string;
  readonly imageId?: string;
  readonly failure?: { code: Code | 'CANCELLED' | 'REFUSED'; message: string; retry: boolean };
}

export type JobEvent =
  | { is: 'progress'; done: number }
  | { is: 'hashed'; sha256: string }
  | { is: 'had'; imageId: string }
  | { is: 'announced'; imageId: string }
  | { is: 'sent' }
  | { is: 'failed'; failure: NonNullable<Job['failure']> }
  | { is: 'retried' }
  | { is: 'found' } // the lost file was chosen again
  | { is: 'expired' }; // the signed request ran out: it is announced again

const from: Record<JobEvent['is'], readonly Phase[]> = {
  progress: ['hashing', 'sending'],
  hashed: ['hashing'],
  had: ['ready', 'sending'],
  announced: ['ready'],
  sent: ['ready', 'sending'],
  failed: ['hashing', 'ready', 'sending'],
  retried: ['failed'],
  found: ['lost'],
  expired: ['sending'],
};

/** next is the job after the event. An event that does not belong to its phase changes nothing: it came too late. */
export function next(job: Job, event: JobEvent): Job {
  if (!from[event.is].includes(job.phase)) return job;
  switch (event.is) {
    case 'progress':
      return { ...job, done: Math.min(job.bytes, Math.max(0, event.done)) };
    case 'hashed':
      return { ...job, phase: 'ready', sha256: event.sha256, done: 0 };
    case 'had':
      return { ...job, phase: 'had', imageId: event.imageId, done: job.bytes };
    case 'announced':
      return { ...job, phase: 'sending', imageId: event.imageId, done: 0 };
    case 'sent':
      return { ...job, phase: 'sent', done: job.bytes };
    case 'failed':
      return { ...job, phase: 'failed', failure: event.failure };
    case 'retried':
    case 'found': {
      const { failure: _, ...rest } = job;
      return { ...rest, phase: job.sha256 ? 'ready' : 'hashing', done: 0 };
    }
    case 'expired':
      return { ...job, phase: 'ready', done: 0 };
  }
}

export const isOver = ({ phase }: Job): boolean => phase === 'sent' || phase === 'had' || phase === 'failed';
export const isMoving = ({ phase }: Job): boolean => phase === 'hashing' || phase === 'ready' || phase === 'sending';

export interface Total {
  files: number;
  /** Of them. */
  over: number;
  had: number;
  failed: number;
  lost: number;
  bytes: number;
  done: number;
  moving: boolean;
}

/** sum is all jobs as one. What was had needs no sending, and counts as sent. */
export function sum(jobs: Iterable<Job>): Total {
  const total: Total = { files: 0, over: 0, had: 0, failed: 0, lost: 0, bytes: 0, done: 0, moving: false };
  for (const job of jobs) {
    total.files++;
    total.bytes += job.bytes;
    total.over += Number(isOver(job));
    total.had += Number(job.phase === 'had');
    total.failed += Number(job.phase === 'failed');
    total.lost += Number(job.phase === 'lost');
    total.moving ||= isMoving(job);
    if (job.phase !== 'hashing') total.done += job.phase === 'failed' ? job.bytes : job.done;
  }
  return total;
}
