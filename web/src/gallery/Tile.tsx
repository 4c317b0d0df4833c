// One picture in the grid.
import { memo, type MouseEvent, useRef } from 'react';
import { Icon } from '../ui/Icon.js';
import { Photo } from './Photo.js';
import type { Picture } from './picture.js';
import { badge, reason, spoken } from './status.js';

export interface TileActions {
  /** A click, or Enter. */
  open(id: string): void;
  /** Shift reaches from the last one selected. */
  toggle(id: string, reach: boolean): void;
  broken(id: string): void;
  focused(id: string): void;
}

interface Props {
  picture: Picture;
  width: number;
  column: number;
  selected: boolean;
  selecting: boolean;
  current: boolean;
  sent: number | undefined;
  preview: string | undefined;
  actions: TileActions;
}

const longPress = 450; // ms

export const Tile = memo(function Tile({ picture, width, column, selected, selecting, current, sent, preview, actions }: Props) {
  const { id, status, deletedAt } = picture;
  const press = useRef<{ timer?: number; done: boolean }>({ done: false });
  const release = () => clearTimeout(press.current.timer);
  const onClick = (e: MouseEvent) => {
    if (press.current.done) return void (press.current.done = false);
    if (selecting || e.shiftKey || e.ctrlKey || e.metaKey) actions.toggle(id, e.shiftKey);
    else actions.open(id);
  };
  const onPress = (pointerType: string) => {
    press.current.done = false;
    if (pointerType !== 'touch') return;
    press.current.timer = window.setTimeout(() => {
      press.current.done = true;
      actions.toggle(id, false);
    }, longPress);
  };
  const state = badge(picture);
  return (
    <div role="gridcell" className={`tile ${deletedAt ? 'trashed' : status.toLowerCase()}`} data-id={id} tabIndex={current ? 0 : -1}
      aria-colindex={column} aria-selected={selected} aria-label={spoken(picture)} style={{ width }}
      onClick={onClick} onFocus={() => actions.focused(id)} onContextMenu={(e) => press.current.done && e.preventDefault()}
      onPointerDown={(e) => onPress(e.pointerType)} onPointerUp={release} onPointerCancel={release} onPointerLeave={release}>
      <Photo placeholder={picture.placeholder} renditions={picture.renditions} width={width} preview={preview}
        onBroken={() => actions.broken(id)} />
      {state && (
        <span className="tile-state" aria-hidden="true">
          {status === 'FAILED' ? <Icon name="alert" /> : <span className="pulse" />}
          <span className="tile-word">{sent === undefined ? state : `Sending ${Math.floor(sent * 100)} %`}</span>
          {status === 'FAILED' && <> <span className="tile-why"><bdi>{picture.filename}</bdi>: {reason(picture)}</span></>}
          {sent !== undefined && <span className="tile-bar"><span style={{ transform: `scaleX(${sent})` }} /></span>}
        </span>
      )}
      <button className="tile-select" type="button" tabIndex={-1} aria-hidden="true"
        onClick={(e) => (e.stopPropagation(), actions.toggle(id, e.shiftKey))}>
        <Icon name="check" />
      </button>
    </div>
  );
});
