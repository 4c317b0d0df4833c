// One place's pictures: all that are kept, or the trash.
import { type KeyboardEvent, useEffect, useMemo, useReducer, useState, useSyncExternalStore } from 'react';
import type { Darkroom } from '../darkroom.js';
import { go } from '../route.js';
import { type Deed, perform, pictures as some, told } from './deeds.js';
import { EmptyPlace, LineNotice, Opening } from './states.js';
import { Filters } from './Filters.js';
import { Grid } from './Grid.js';
import { Header, SelectionBar } from './Header.js';
import type { State } from './line.js';
import { choose as chosen, type Choice, count, type Place, sections } from './order.js';
import { nothing, select } from './selection.js';
import { toast } from '../ui/toasts.js';
import type { Sending } from '../upload/previews.js';

interface Props {
  darkroom: Darkroom;
  place: Place;
  line: State;
  sending: ReadonlyMap<string, Sending>;
  /** Opens the file picker, or the camera. */
  choose(): void;
  camera(): void;
}

export function Board({ darkroom, place, line, sending, choose, camera }: Props) {
  const { pictures, links, user } = darkroom;
  const all = useSyncExternalStore(pictures.subscribe, pictures.snapshot);
  const [choice, setChoice] = useState<Choice>({ place, filter: 'all', order: 'uploaded' });
  const counts = useMemo(() => count(all), [all]);
  const shown = useMemo(() => chosen(all, choice), [all, choice]);
  const months = useMemo(() => sections(shown, choice), [shown, choice]);
  const [selection, act] = useReducer(select, nothing);
  const [busy, setBusy] = useState(false);
  useEffect(() => act({ do: 'keep', order: shown }), [shown]);

  const run = async (deed: Deed, ids: readonly string[]) => {
    if (busy || ids.length === 0) return;
    if (deed === 'purge' && !confirm(`Remove ${some(ids.length)} for good? Nothing brings them back.`)) return;
    setBusy(true);
    const outcome = await perform(darkroom, deed, ids);
    setBusy(false);
    act({ do: 'clear' });
    const undo = deed === 'trash' && outcome.done.length > 0 ? { label: 'Undo', run: () => void run('restore', outcome.done) } : undefined;
    toast(told(deed, outcome), undo);
  };
  const toggle = (id: string, reach: boolean) => act(reach ? { do: 'reach', id, order: shown } : { do: 'toggle', id });
  const view = (id: string) => go({ page: 'picture', id, from: place });
  const onKey = (e: KeyboardEvent, id: string) => {
    if (e.key === 'Enter') view(id);
    else if (e.key === ' ' || e.key === 'x') toggle(id, e.shiftKey);
    else if (e.key === 'a' && (e.ctrlKey || e.metaKey)) act({ do: 'all', order: shown });
    else if (e.key === 'Delete' && place === 'photos') void run('trash', selection.ids.size ? [...selection.ids] : [id]);
    else return;
    e.preventDefault();
  };
  useEscape(selection.ids.size > 0, () => act({ do: 'clear' }));

  const bar = selection.ids.size > 0
    ? <SelectionBar place={place} n={selection.ids.size} busy={busy} clear={() => act({ do: 'clear' })} share={() => {}}
        all={() => act({ do: 'all', order: shown })} perform={(deed) => void run(deed, [...selection.ids])} />
    : <Header page={place} trash={counts.trash} user={user.name} choose={choose} camera={camera} />;
  const reading = !pictures.complete;
  return (
    <>
      {bar}
      <main className="board">
        <h1 className="unseen">{place === 'trash' ? 'Trash' : 'Photos'}</h1>
        <LineNotice line={line} />
        {place === 'photos' && counts.all > 0 && <Filters choice={choice} counts={counts} change={(to) => setChoice({ ...choice, ...to })} />}
        {place === 'trash' && counts.trash > 0 && <p className="board-note">What is here is removed for good 30 days after you threw it away.</p>}
        {shown.length === 0 && (reading && line !== 'troubled' ? <Opening /> : <EmptyPlace choice={choice} line={line} choose={choose} showAll={() => setChoice({ ...choice, filter: 'all' })} />)}
        <Grid pictures={shown} sections={months} selected={selection.ids} links={links} label={place === 'trash' ? 'Pictures in the trash' : 'Your pictures'}
          sending={sending} open={view} toggle={toggle} onKey={onKey} />
      </main>
    </>
  );
}

function useEscape(on: boolean, run: () => void) {
  useEffect(() => {
    if (!on) return;
    const listener = (e: globalThis.KeyboardEvent) => e.key === 'Escape' && !e.defaultPrevented && run();
    addEventListener('keydown', listener);
    return () => removeEventListener('keydown', listener);
  });
}
