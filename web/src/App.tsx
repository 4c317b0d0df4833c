// Which of the big pieces is on the screen: starting, signed out, or the gallery.
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { fetchAuthSession, getCurrentUser, signOut } from 'aws-amplify/auth';
import { configure } from './api/session.js';
import { type Config, fetchConfig } from './config.js';
import type { User } from './darkroom.js';
import { Gallery } from './gallery/Gallery.js';
import { Announcer } from './ui/Announcer.js';
import { Confirmer } from './ui/Confirmer.js';
import { Notice } from './ui/Notice.js';
import { Spinner } from './ui/Spinner.js';

const Welcome = lazy(() => import('./auth/Welcome.js'));

type Stage =
  | { at: 'starting' }
  | { at: 'lost'; reason: unknown }
  | { at: 'out'; notice?: string }
  | { at: 'in'; user: User };

export function App() {
  const [config, setConfig] = useState<Config>();
  const [stage, setStage] = useState<Stage>({ at: 'starting' });

  const enter = useCallback(async (notice?: string) => {
    const user = await currentUser();
    setStage(user ? { at: 'in', user } : { at: 'out', ...(notice && { notice }) });
  }, []);
  const start = useCallback(async () => {
    setStage({ at: 'starting' });
    try {
      const found = await fetchConfig();
      configure(found);
      setConfig(found);
      await enter();
    } catch (reason) {
      setStage({ at: 'lost', reason });
    }
  }, [enter]);
  useEffect(() => void start(), [start]);

  const leave = useCallback(async (notice?: string) => {
    await signOut().catch(() => {}); // offline, the tokens are forgotten all the same
    location.hash = '#/';
    setStage({ at: 'out', ...(notice && { notice }) });
  }, []);

  return (
    <>
      <Announcer />
      <Confirmer />
      {stage.at === 'starting' && <Starting />}
      {stage.at === 'lost' && (
        <main className="centre">
          <Notice icon="offline" title="Darkroom cannot be reached" action={{ label: 'Try again', run: () => void start() }}>
            Check your connection. Nothing is lost: uploads that were under way go on when you are back.
          </Notice>
        </main>
      )}
      {config && stage.at === 'out' && (
        <Suspense fallback={<Starting />}>
          <Welcome config={config} notice={stage.notice} onSignedIn={() => void enter()} />
        </Suspense>
      )}
      {config && stage.at === 'in' && <Gallery key={stage.user.id} config={config} user={stage.user} leave={leave} />}
    </>
  );
}

const Starting = () => <main className="centre"><Spinner label="Opening" /></main>;

/** Who is signed in. Tokens that cannot be refreshed are no sign-in; being offline is not a reason to be signed out. */
async function currentUser(): Promise<User | undefined> {
  try {
    const { userId, signInDetails, username } = await getCurrentUser();
    const { tokens } = await fetchAuthSession();
    if (!tokens) return undefined;
    const email = tokens.idToken?.payload.email;
    return { id: userId, name: typeof email === 'string' ? email : (signInDetails?.loginId ?? username) };
  } catch (reason) {
    if ((reason as Error).name === 'NetworkError') throw reason;
    return undefined;
  }
}
