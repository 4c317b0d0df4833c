// The signed-in application: a place's pictures, uploads, and what opens above them.
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { Config } from '../config.js';
import { type Darkroom, open, type User } from '../darkroom.js';
import { useRoute } from '../route.js';
import { Spinner } from '../ui/Spinner.js';
import { Toasts } from '../ui/Toasts.js';
import { Intake, type Pickers } from '../upload/Intake.js';
import { Panel } from '../upload/Panel.js';
import { Previews } from '../upload/previews.js';
import { Board } from './Board.js';
import { Header } from './Header.js';

const Account = lazy(() => import('../account/Account.js'));

interface Props {
  config: Config;
  user: User;
  leave(notice?: string): Promise<void>;
}

export function Gallery({ config, user, leave }: Props) {
  const [darkroom, setDarkroom] = useState<Darkroom>();
  useEffect(() => {
    const ending = new AbortController();
    void open(config, user, ending.signal).then((opened) => ending.signal.aborted || setDarkroom(opened));
    return () => ending.abort();
  }, [config, user]);
  const out = useCallback(
    async (notice?: string) => {
      await leave(notice); // first, so that nothing is written down any more
      await darkroom?.forget();
    },
    [darkroom, leave],
  );
  return darkroom ? <Opened darkroom={darkroom} leave={out} /> : null;
}

function Opened({ darkroom, leave }: { darkroom: Darkroom; leave: Props['leave'] }) {
  const { pictures, uploads, user } = darkroom;
  const route = useRoute();
  const line = useSyncExternalStore(darkroom.line.subscribe, darkroom.line.snapshot);
  const sending = useSyncExternalStore(uploads.subscribe, uploads.snapshot);
  const previews = useRef(new Previews());
  const shown = useMemo(() => previews.current.of(sending, uploads), [sending, uploads]);
  useEffect(() => {
    if (line === 'ended') void leave('Your session has ended. Sign in again to go on.');
  }, [line, leave]);
  useEffect(() => {
    document.title = { photos: 'Darkroom', picture: 'Picture · Darkroom', trash: 'Trash · Darkroom', account: 'Account · Darkroom' }[route.page];
  }, [route.page]);
  const pickers = useRef<Pickers>(null);
  const choose = useCallback(() => pickers.current?.choose(), []);
  const camera = useCallback(() => pickers.current?.camera(), []);
  const add = useCallback((files: readonly File[]) => uploads.add(files), [uploads]);
  const place = route.page === 'picture' ? route.from : route.page;
  return (
    <>
      {place === 'account'
        ? (
          <>
            <Header page="account" user={user.name} choose={choose} camera={camera} />
            <Suspense fallback={<main className="centre"><Spinner label="Opening" /></main>}><Account darkroom={darkroom} leave={leave} /></Suspense>
          </>
        )
        : <Board key={place} darkroom={darkroom} place={place} line={line} sending={shown}
            viewing={route.page === 'picture' ? route.id : undefined} choose={choose} camera={camera} />}
      <Panel uploads={uploads} now={sending} pictures={pictures} choose={choose} />
      <Intake ref={pickers} add={add} />
      <Toasts />
    </>
  );
}
