// Where one is in the application: a few places after the #, so that a static host and the back button need no help.
import { useSyncExternalStore } from 'react';

export type Route =
  | { page: 'photos' | 'trash' | 'account' }
  | { page: 'picture'; id: string; from: 'photos' | 'trash' };

export function parseRoute(hash: string): Route {
  const [, first, second, third] = hash.split('/');
  if (first === 'trash' && second === 'picture' && third) return { page: 'picture', id: decode(third), from: 'trash' };
  if (first === 'picture' && second) return { page: 'picture', id: decode(second), from: 'photos' };
  if (first === 'trash' || first === 'account') return { page: first };
  return { page: 'photos' };
}

export function hrefOf(route: Route): string {
  if (route.page === 'picture') return `#${route.from === 'trash' ? '/trash' : ''}/picture/${encodeURIComponent(route.id)}`;
  return route.page === 'photos' ? '#/' : `#/${route.page}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** go changes the place. Replacing leaves no step for the back button: from one picture to the next. */
export function go(route: Route, how: 'push' | 'replace' = 'push'): void {
  const href = hrefOf(route);
  if (how === 'push') location.hash = href;
  else {
    history.replaceState(history.state, '', href);
    dispatchEvent(new HashChangeEvent('hashchange'));
  }
}

const subscribe = (heard: () => void) => {
  addEventListener('hashchange', heard);
  return () => removeEventListener('hashchange', heard);
};

export const useRoute = (): Route => parseRoute(useSyncExternalStore(subscribe, () => location.hash));
