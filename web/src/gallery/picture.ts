// A picture as the gallery knows it.
import type { Drawn, Rendition, Thin } from '../api/operations.js';
import type { ImageEvent } from '../source.js';

export interface Picture extends Thin {
  /** Signed links, the largest first; undefined while they have not been asked for, or are void. */
  renditions?: Rendition[];
  /** Only what an event tells is known: the name and the dates are to be asked for. */
  partial?: boolean;
}

/** How long before its links run out a picture is given fresh ones, in milliseconds. */
const margin = 2 * 60_000;

/** born is a picture of which only an event is known: one that was uploaded elsewhere. */
export function born(event: ImageEvent): Picture {
  return {
    id: event.id, version: 0, status: 'PENDING', stage: null, failure: null, failureMessage: null, filename: '', bytes: 0,
    width: null, height: null, placeholder: null, createdAt: timeOf(event.id) ?? event.at, deletedAt: null, capture: null,
    partial: true,
  };
}

/** changed is the picture after the event. What the event cannot tell has to be asked for. */
export function changed(picture: Picture, event: ImageEvent): Picture {
  const { version, status, stage, failure, width, height, placeholder, deletedAt } = event;
  const finished = status !== picture.status && (status === 'READY' || status === 'FAILED');
  return {
    ...picture,
    version, status, failure, deletedAt, stage: stage as Picture['stage'],
    width: width ?? picture.width, height: height ?? picture.height, placeholder: placeholder ?? picture.placeholder,
    ...(finished && { renditions: undefined, partial: true }),
    ...(deletedAt !== null && { partial: true }), // thrown away, or gone for good: an event does not tell which
  } as Picture;
}

/** told is the picture with the server's answer, which is not older. Links that are known and good are kept. */
export function told(picture: Picture | undefined, answer: Thin | Drawn): Picture {
  const kept = picture?.status === answer.status ? picture.renditions : undefined;
  return { renditions: kept, ...answer, partial: false };
}

/** When a UUIDv7 was made. */
export function timeOf(id: string): string | undefined {
  const ms = Number.parseInt(id.replace('-', '').slice(0, 12), 16);
  return Number.isFinite(ms) ? new Date(ms).toISOString() : undefined;
}

/** Whether to ask for it before it is drawn. */
export function isStale(picture: Picture, now: number): boolean {
  if (picture.partial) return true;
  if (picture.status !== 'READY') return false;
  return !picture.renditions || picture.renditions.some((r) => Date.parse(r.expiresAt) - margin < now);
}

/** Width over height, also before anything is known of it. */
export function ratioOf({ width, height }: Picture): number {
  return width && height ? width / height : 4 / 3;
}

export const isUnfinished = ({ status, deletedAt }: Picture): boolean =>
  deletedAt === null && (status === 'PENDING' || status === 'PROCESSING');

/** When it was taken, by the clock that the camera showed, as if that were UTC; when it was uploaded, where nobody said. */
export function takenAt({ capture, createdAt }: Picture): number {
  if (!capture?.takenAt) return Date.parse(createdAt) - new Date(createdAt).getTimezoneOffset() * 60_000;
  return Date.parse(capture.takenAt) + (capture.offset ?? 0) * 60_000;
}
