// Which of a picture's renditions a browser may choose from.
import type { Rendition } from '../api/operations.js';

/** uncropped are those that show the whole picture, the smallest first. */
const uncropped = (renditions: readonly Rendition[]) =>
  renditions.filter(({ name }) => name !== 'square').sort((a, b) => a.width - b.width);

/** srcSet lets the browser choose by the size on the screen and its pixels. */
export const srcSet = (renditions: readonly Rendition[]): string =>
  uncropped(renditions).map(({ url, width }) => `${url} ${width}w`).join(', ');

/** smallest is for browsers that do not choose. */
export const smallest = (renditions: readonly Rendition[]): string | undefined => uncropped(renditions)[0]?.url;

/** What stays the same when only signatures are renewed: a picture that has been drawn is not fetched again for that. */
export const identity = (renditions: readonly Rendition[]): string =>
  renditions.map(({ url }) => url.split('?', 1)[0]).join(' ');
