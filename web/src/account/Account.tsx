// The account: what is kept, share links, the password, taking everything along, and leaving.
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { failure } from '../api/errors.js';
import type { Darkroom } from '../darkroom.js';
import { bytes, instant } from '../format.js';
import { ShareList } from '../share/ShareList.js';
import { useShares } from '../share/use-shares.js';
import { ask as confirm } from '../ui/confirm.js';
import { Icon } from '../ui/Icon.js';
import { Notice } from '../ui/Notice.js';
import { Spinner } from '../ui/Spinner.js';
import { toast } from '../ui/toasts.js';
import '../styles/account.css';
import '../styles/share.css';
import { exported, save } from './export.js';
import { deleteAccount, me, type Me } from './operations.js';
import { Password } from './Password.js';

interface Props {
  darkroom: Darkroom;
  leave(notice?: string): Promise<void>;
}

export default function Account({ darkroom, leave }: Props) {
  const { ask, user } = darkroom;
  const { account, problem, again } = useMe(darkroom);
  const links = useShares(ask);
  const erase = async () => {
    const sure = await confirm({
      title: 'Delete your account?', action: 'Delete everything', word: 'delete',
      text: 'All your pictures, their originals, share links and your sign-in are removed for good. Nothing brings them back, and it cannot be stopped.',
    });
    if (!sure || !account) return;
    try {
      await ask(deleteAccount, { confirm: account.id });
      await leave('Your account is being deleted. That takes a few minutes.');
    } catch (reason) {
      toast(failure(reason).message);
    }
  };
  if (problem) return <main className="board"><Notice icon="offline" title="Your account cannot be read" action={{ label: 'Try again', run: again }}>{problem}</Notice></main>;
  return (
    <main className="account">
      <h1>Account</h1>
      <p className="account-name"><bdi>{user.name}</bdi></p>
      {account?.suspendedAt && <p className="account-warn" role="status"><Icon name="alert" />This account was suspended on {instant(account.suspendedAt)}. You can look, but not upload or share.</p>}
      {account?.deletion && <p className="account-warn" role="status"><Icon name="alert" />This account is being deleted: {account.deletion.images.toLocaleString()} pictures are still to be removed.</p>}
      <Part title="Storage">{account ? <Usage account={account} /> : <Spinner label="Your account is being read" />}</Part>
      <Part title="Share links"><ShareList links={links} named empty="No picture of yours is shared." /></Part>
      <Part title="Password"><Password /></Part>
      <Part title="Take everything along">
        <p className="hint">One file with all that is kept of you and your pictures: facts, dates, places, and links to the originals that work for an hour.</p>
        <Export darkroom={darkroom} />
      </Part>
      <Part title="Leave">
        <div className="account-deeds">
          <button className="button" type="button" onClick={() => void leave()}>Sign out</button>
          {account && !account.deletion && <button className="button danger" type="button" onClick={() => void erase()}>Delete this account …</button>}
        </div>
      </Part>
    </main>
  );
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => <section className="part"><h2>{title}</h2><div>{children}</div></section>;

function useMe({ ask }: Darkroom) {
  const [account, setAccount] = useState<Me>();
  const [problem, setProblem] = useState('');
  const again = useCallback(() => {
    setProblem('');
    ask(me, {}).then(({ me }) => setAccount(me), (reason) => setProblem(failure(reason).message));
  }, [ask]);
  useEffect(again, [again]);
  return { account, problem, again };
}

function Usage({ account: { usage, quota } }: { account: Me }) {
  return (
    <div className="usage">
      <Meter name="Originals" part={usage.bytes} of={quota.bytes} text={`${bytes(usage.bytes)} of ${bytes(quota.bytes)}`} />
      <Meter name="Pictures" part={usage.images} of={quota.images} text={`${usage.images.toLocaleString()} of ${quota.images.toLocaleString()}`} />
      <p className="hint">The trash counts too{usage.inFlight > 0 && `, and ${usage.inFlight.toLocaleString()} on their way`}.</p>
    </div>
  );
}

function Meter({ name, part, of, text }: { name: string; part: number; of: number; text: string }) {
  const share = of > 0 ? Math.min(1, part / of) : 1;
  return (
    <div className="meter">
      <p><span>{name}</span><span className="meter-text">{text}</span></p>
      <div className={share > 0.9 ? 'progress bad' : 'progress'} role="meter" aria-label={name} aria-valuetext={text} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}>
        <span style={{ transform: `scaleX(${share})` }} />
      </div>
    </div>
  );
}

function Export({ darkroom }: { darkroom: Darkroom }) {
  const [count, setCount] = useState<number>();
  const ending = useRef<AbortController>(undefined);
  useEffect(() => () => ending.current?.abort(), []);
  const run = async () => {
    ending.current = new AbortController();
    setCount(0);
    try {
      save(await exported(darkroom.ask, setCount, ending.current.signal), `darkroom-${new Date().toISOString().slice(0, 10)}.json`);
      toast('The export is saved.');
    } catch (reason) {
      if (!ending.current.signal.aborted) toast(failure(reason).message);
    }
    setCount(undefined);
  };
  if (count === undefined) return <button className="button" type="button" onClick={() => void run()}><Icon name="download" />Export</button>;
  return (
    <p className="account-deeds" role="status"><Spinner label="Exporting" />{count.toLocaleString()} pictures read
      <button className="link" type="button" onClick={() => ending.current?.abort()}>Stop</button></p>
  );
}
