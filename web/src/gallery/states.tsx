// The gallery without pictures: empty, opening, out of reach.
import { useSyncExternalStore } from 'react';
import { Icon } from '../ui/Icon.js';
import { Notice } from '../ui/Notice.js';
import type { State } from './line.js';
import type { Choice } from './order.js';

interface EmptyProps {
  choice: Choice;
  line: State;
  choose(): void;
  showAll(): void;
}

export function EmptyPlace({ choice, line, choose, showAll }: EmptyProps) {
  if (line === 'troubled') return <Notice icon="offline" title="Your pictures cannot be read just now">They are safe. It is tried again by itself.</Notice>;
  if (choice.place === 'trash') {
    return <Notice icon="trash" title="The trash is empty">Pictures that you throw away stay here for 30 days.</Notice>;
  }
  if (choice.filter !== 'all') {
    const nothing = { developing: 'Nothing is being developed', ready: 'Nothing is ready yet', failed: 'Nothing has failed' }[choice.filter];
    return <Notice icon="check" title={nothing} action={{ label: 'Show all', run: showAll }} />;
  }
  return (
    <Notice icon="photos" title="Your first photo" action={{ label: 'Choose photos', run: choose }}>
      Drop photos anywhere on this page, paste them, or choose some. They are developed while you watch.
    </Notice>
  );
}

/** Opening is the shape of what comes. */
export const Opening = () => (
  <div className="opening" role="img" aria-label="Your pictures are being read">
    {[3, 4, 3].map((n, i) => (
      <div key={i} className="opening-row">{Array.from({ length: n }, (_, j) => <span key={j} className={`opening-box s${(i + j * 2) % 4}`} />)}</div>
    ))}
  </div>
);

const subscribe = (heard: () => void) => {
  for (const event of ['online', 'offline']) addEventListener(event, heard);
  return () => {
    for (const event of ['online', 'offline']) removeEventListener(event, heard);
  };
};

export const useOnline = (): boolean => useSyncExternalStore(subscribe, () => navigator.onLine);

/** LineNotice tells why nothing moves. */
export function LineNotice({ line }: { line: State }) {
  const online = useOnline();
  if (online && line !== 'troubled') return null;
  return (
    <p className="line-notice" role="status">
      <Icon name="offline" />
      {online ? 'Darkroom cannot be reached. Trying again …' : 'You are offline. This is what was here last; changes come when you are back.'}
    </p>
  );
}
