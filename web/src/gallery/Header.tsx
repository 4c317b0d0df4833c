// The bar above the gallery: where one is, and adding pictures. While something is selected, what to do with it.
import type { Route } from '../route.js';
import { hrefOf } from '../route.js';
import { Icon, type IconName } from '../ui/Icon.js';
import { Mark } from '../ui/Mark.js';
import type { Deed } from './deeds.js';
import type { Place } from './order.js';

interface HeaderProps {
  page: Route['page'];
  user: string;
  choose(): void;
  camera(): void;
}

export function Header({ page, user, choose, camera }: HeaderProps) {
  const at = (p: Route['page']) => (page === p ? 'page' : undefined);
  return (
    <header className="bar">
      <a className="bar-home" href={hrefOf({ page: 'photos' })} aria-label="Darkroom, all photos"><Mark /></a>
      <nav className="places" aria-label="Places">
        <a href={hrefOf({ page: 'photos' })} aria-current={at('photos')}><Icon name="photos" /><span>Photos</span></a>
        <a href={hrefOf({ page: 'trash' })} aria-current={at('trash')}><Icon name="trash" /><span>Trash</span></a>
        <a href={hrefOf({ page: 'account' })} aria-current={at('account')} title={user}><Icon name="user" /><span>Account</span></a>
      </nav>
      <button className="round bar-camera" type="button" aria-label="Take a photo" onClick={camera}><Icon name="camera" /></button>
      <button className="button primary bar-add" type="button" onClick={choose}><Icon name="upload" /><span>Upload</span></button>
    </header>
  );
}

interface SelectionBarProps {
  place: Place;
  n: number;
  busy: boolean;
  /** Whether some of them can be tried again. */
  failed: boolean;
  clear(): void;
  all(): void;
  share(): void;
  perform(deed: Deed): void;
}

export function SelectionBar({ place, n, busy, failed, clear, all, share, perform }: SelectionBarProps) {
  return (
    <header className="bar selecting" aria-label="Selection">
      <button className="round" type="button" aria-label="Clear the selection" onClick={clear}><Icon name="close" /></button>
      <p className="bar-count" role="status">{n.toLocaleString()} selected</p>
      <div className="bar-deeds">
        <Do icon="check" label="Select all" run={all} />
        {failed && <Do icon="retry" label="Try again" run={() => perform('retry')} busy={busy} />}
        {place === 'photos' && <Do icon="share" label="Share" run={share} busy={busy} />}
        {place === 'trash' && <Do icon="restore" label="Restore" run={() => perform('restore')} busy={busy} />}
        {place === 'photos' && <Do icon="trash" label="Trash" run={() => perform('trash')} busy={busy} />}
        {place === 'trash' && <Do icon="close" label="Remove for good" run={() => perform('purge')} busy={busy} danger />}
      </div>
    </header>
  );
}

interface DoProps {
  icon: IconName;
  label: string;
  run(): void;
  busy?: boolean;
  danger?: boolean;
}

const Do = ({ icon, label, run, busy = false, danger }: DoProps) => (
  <button className={danger ? 'button danger' : 'button'} type="button" aria-disabled={busy} onClick={() => !busy && run()}>
    <Icon name={icon} /><span>{label}</span>
  </button>
);
