// The signed-in application: the bar, the grid, and what opens above it.
import { lazy, Suspense, useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { Config } from '../config.js';
import { type Darkroom, open, type User } from '../darkroom.js';
import { useRoute } from '../route.js';
import { Toasts } from '../ui/Toasts.js';
import { Board } from './Board.js';
import { Header } from './Header.js';

interface Props {
  config: Config;
  user: User;
  leave(notice?: string): Promise<void>;
}

export function Gallery({ config, user, leave }: Props) {
  const [darkroom, setDarkroom] = useState<Darkroom>();
  useEffect(() => {
    const opened = open(config, user);
    setDarkroom(opened);
    return () => opened.stop();
  }, [config, user]);
  return darkroom ? <Opened darkroom={darkroom} leave={leave} /> : null;
}

function Opened({ darkroom, leave }: { darkroom: Darkroom; leave: Props['leave'] }) {
  const route = useRoute();
  const line = useSyncExternalStore(darkroom.line.subscribe, darkroom.line.snapshot);
  useEffect(() => {
    if (line === 'ended') void leave('Your session has ended. Sign in again to go on.');
  }, [line, leave]);
  const choose = useCallback(() => {}, []);
  const place = route.page === 'picture' ? route.from : route.page;
  return (
    <>
      {place !== 'account' && <Board key={place} darkroom={darkroom} place={place} line={line} choose={choose} />}
      {place === 'account' && <Header page="account" trash={0} user={darkroom.user.name} choose={choose} />}
      <Toasts />
    </>
  );
}
void lazy; void Suspense;
