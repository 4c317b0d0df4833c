// One place's pictures: all that are kept, or the trash.
import { type KeyboardEvent, lazy, Suspense, useEffect, useMemo, useReducer, useState, useSyncExternalStore } from 'react';
import type { Darkroom } from '../darkroom.js';
import { go } from '../route.js';
import { ask as confirm } from '../ui/confirm.js';
import { toast } from '../ui/toasts.js';
import type { Sending } from '../upload/previews.js';
import { type Deed, perform, pictures as some, told } from './deeds.js';
import { Filters } from './Filters.js';
import { Grid } from './Grid.js';
import { Header, SelectionBar } from './Header.js';
import type { State } from './line.js';
import { choose as chosen, type Choice, count, type Place, sections } from './order.js';
import { nothing, select } from './selection.js';
import { EmptyPlace, LineNotice, Opening } from './states.js';
import { retriable } from './status.js';
import { readTrash } from './trash.js';
import { useNews } from './use-news.js';

const Viewer = lazy(() => import('../viewer/Viewer.js'));
const ShareDialog = lazy(() => import('../share/ShareDialog.js'));

interface Props {
  darkroom: Darkroom;
  place: Place;
  line: State;
  sending: ReadonlyMap<string, Sending>;
  /** The picture that is looked at. */
  viewing: string | undefined;
  /** Opens the file picker, or the camera. */
  choose(): void;
  camera(): void;
}

export function Board({ darkroom, place, line, sending, viewing, choose, camera }: Props) {
  const { pictures, links, user } = darkroom;
  const all = useSyncExternalStore(pictures.subscribe, pictures.snapshot);
  const [choice, setChoice] = useState<Choice>({ place, filter: 'all', order: 'uploaded' });
  const counts = useMemo(() => count(all), [all]);
  const shown = useMemo(() => chosen(all, choice), [all, choice]);
  const months = useMemo(() => sections(shown, choice), [shown, choice]);
  const [selection, act] = useReducer(select, nothing);
  const [sharing, setSharing] = useState<readonly string[]>();
  const { busy, run } = useDeeds(darkroom, () => act({ do: 'clear' }));
  useEffect(() => act({ do: 'keep', order: shown }), [shown]);
  useTrash(darkroom, place, line);
  useNews(counts);

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
  useEscape(selection.ids.size > 0 && !viewing && !sharing, () => act({ do: 'clear' }));

  const ids = [...selection.ids];
  const failed = useMemo(() => shown.filter((p) => selection.ids.has(p.id) && retriable(p)).map((p) => p.id), [shown, selection.ids]);
  const reading = place === 'trash' ? !pictures.trashRead : !pictures.complete;
  return (
    <>
      <div inert={viewing !== undefined}>
        {ids.length > 0
          ? <SelectionBar place={place} n={ids.length} busy={busy} failed={failed.length > 0} clear={() => act({ do: 'clear' })} share={() => setSharing(ids)}
              all={() => act({ do: 'all', order: shown })} perform={(deed) => void run(deed, deed === 'retry' ? failed : ids)} />
          : <Header page={place} user={user.name} choose={choose} camera={camera} />}
        <main className="board">
          <h1 className="unseen">{place === 'trash' ? 'Trash' : 'Photos'}</h1>
          <LineNotice line={line} />
          {place === 'photos' && counts.all > 0 && <Filters choice={choice} counts={counts} change={(to) => setChoice({ ...choice, ...to })} />}
          {place === 'trash' && counts.trash > 0 && <p className="board-note">What is here is removed for good 30 days after you threw it away.</p>}
          {shown.length === 0 && (reading && line !== 'troubled' ? <Opening /> : <EmptyPlace choice={choice} line={line} choose={choose} showAll={() => setChoice({ ...choice, filter: 'all' })} />)}
          <Grid pictures={shown} sections={months} selected={selection.ids} links={links} label={place === 'trash' ? 'Pictures in the trash' : 'Your pictures'}
            sending={sending} viewing={viewing} open={view} toggle={toggle} onKey={onKey} />
        </main>
      </div>
      <Suspense>
        {viewing && <Viewer darkroom={darkroom} id={viewing} from={place} order={shown} preview={sending.get(viewing)?.preview}
          share={(id) => setSharing([id])} perform={(deed, id) => run(deed, [id])} />}
        {sharing && <ShareDialog darkroom={darkroom} ids={sharing} close={() => setSharing(undefined)} />}
      </Suspense>
    </>
  );
}

/** useDeeds does things to pictures, one after another, and tells how it went. Answers whether it was done. */
function useDeeds(darkroom: Darkroom, done: () => void) {
  const [busy, setBusy] = useState(false);
  const run = async (deed: Deed, ids: readonly string[]): Promise<boolean> => {
    if (busy || ids.length === 0) return false;
    if (deed === 'purge' && !(await confirm({ title: `Remove ${some(ids.length)} for good?`, text: 'Nothing brings them back.', action: 'Remove' }))) return false;
    setBusy(true);
    const outcome = await perform(darkroom, deed, ids);
    setBusy(false);
    done();
    const undo = deed === 'trash' && outcome.done.length > 0 ? { label: 'Undo', run: () => void run('restore', outcome.done) } : undefined;
    toast(told(deed, outcome), undo);
    return outcome.done.length > 0;
  };
  return { busy, run };
}

/** useTrash reads the trash when it is first looked at, and again once the server can be heard. */
function useTrash({ ask, pictures }: Darkroom, place: Place, line: State) {
  useEffect(() => {
    if (place !== 'trash' || pictures.trashRead || line !== 'live') return;
    const ending = new AbortController();
    readTrash(ask, pictures, ending.signal).catch(() => {}); // the line says that there is trouble, and is live again after
    return () => ending.abort();
  }, [ask, pictures, place, line]);
}

function useEscape(on: boolean, run: () => void) {
  useEffect(() => {
    if (!on) return;
    const listener = (e: globalThis.KeyboardEvent) => e.key === 'Escape' && !e.defaultPrevented && run();
    addEventListener('keydown', listener);
    return () => removeEventListener('keydown', listener);
  });
}
