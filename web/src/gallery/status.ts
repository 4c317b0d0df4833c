// The state of a picture in words.
import type { Picture } from './picture.js';

/** Short, for its tile. Nothing for a picture that is simply there. */
export function badge({ status, deletedAt }: Picture): string {
  if (deletedAt && status !== 'FAILED') return '';
  switch (status) {
    case 'PENDING': return 'Waiting for the file';
    case 'PROCESSING': return 'Developing';
    case 'FAILED': return 'Failed';
    case 'READY': return '';
  }
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }); // making one takes longer than using it a hundred times

/** What is read out for its tile. */
export function spoken(picture: Picture): string {
  const name = picture.filename || 'Picture';
  const date = day.format(new Date(picture.capture?.takenAt ?? picture.createdAt));
  const state = badge(picture);
  if (state && picture.status === 'FAILED') return `${state} ${name}: ${reason(picture)}`; // as its tile shows it
  return [name, picture.deletedAt ? 'in the trash' : date, state.toLowerCase()].filter(Boolean).join(', ');
}

/** Whether developing it once more may help: its bytes are there. */
export const retriable = ({ status, failure, deletedAt }: Picture): boolean =>
  status === 'FAILED' && deletedAt === null && failure !== 'NEVER_ARRIVED' && failure !== 'MISMATCH';

/** Why it failed, for people. */
export const reason = ({ failureMessage }: Picture): string => failureMessage ?? 'It could not be developed.';
