// An upload in words.
import { badge, reason } from '../gallery/status.js';
import type { Picture } from '../gallery/picture.js';
import { bytes, duration } from '../format.js';
import type { Job, Total } from './job.js';

/** line is what its row says; the picture is what the server has made of it so far. */
export function line(job: Job, picture: Picture | undefined): string {
  switch (job.phase) {
    case 'hashing': return job.done > 0 ? `Checking ${percent(job.done, job.bytes)}` : 'Waiting';
    case 'ready': return 'Waiting';
    case 'sending': return job.done > 0 ? `${percent(job.done, job.bytes)} of ${bytes(job.bytes)}` : 'Waiting';
    case 'had': return picture?.status === 'FAILED' ? reason(picture) : 'You have this one already';
    case 'failed': return job.failure?.message ?? 'It failed.';
    case 'lost': return 'Choose this file again to go on';
    case 'sent':
      if (!picture || picture.status === 'PENDING') return 'Sent';
      if (picture.status === 'READY') return 'Ready';
      return picture.status === 'FAILED' ? reason(picture) : badge(picture);
  }
}

const percent = (done: number, all: number) => `${Math.floor((done / Math.max(1, all)) * 100)} %`;

/** headline is all of them in a few words. */
export function headline({ files, over, had, failed, lost, moving }: Total): string {
  if (moving) return `Uploading ${Math.min(files, over + 1).toLocaleString()} of ${files.toLocaleString()}`;
  const well = files - had - failed - lost;
  const parts = [
    well > 0 && `${well.toLocaleString()} uploaded`,
    had > 0 && `${had.toLocaleString()} there already`,
    failed > 0 && `${failed.toLocaleString()} failed`,
    lost > 0 && `${lost.toLocaleString()} to choose again`,
  ];
  return parts.filter(Boolean).join(', ') || 'Uploads';
}

/** remaining is how long it still takes, by the rate of late; nothing while that is not known. */
export function remaining({ bytes: all, done, moving }: Total, rate: number): string {
  if (!moving || rate <= 0 || done >= all) return '';
  return `about ${duration((all - done) / rate)} left`;
}
