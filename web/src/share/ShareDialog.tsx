// Links for people without an account.
import { type FormEvent, useId, useState } from 'react';
import { failure } from '../api/errors.js';
import type { Darkroom } from '../darkroom.js';
import { pictures as some } from '../gallery/deeds.js';
import { announce } from '../ui/announce.js';
import { Dialog } from '../ui/Dialog.js';
import { Icon } from '../ui/Icon.js';
import { Spinner } from '../ui/Spinner.js';
import '../styles/share.css';
import { type Made, shareImage } from './operations.js';
import { ShareList } from './ShareList.js';
import { useShares } from './use-shares.js';

const day = 24 * 3600;
const lasting: [number, string][] = [[day, 'A day'], [7 * day, 'A week'], [30 * day, 'A month'], [365 * day, 'A year']];
const sizes: [string, string, string[] | null][] = [
  ['full', 'Large, 2048 px', null],
  ['screen', 'Medium, 1024 px', ['large', 'medium', 'small', 'square']],
  ['small', 'Small, 512 px', ['medium', 'small', 'square']],
];
const most = 50; // pictures that are shared at once: each has a link of its own

interface Props {
  darkroom: Darkroom;
  ids: readonly string[];
  close(): void;
}

export default function ShareDialog({ darkroom, ids, close }: Props) {
  const { ask, pictures } = darkroom;
  const [made, setMade] = useState<readonly Made[]>([]);
  const [seconds, setSeconds] = useState(7 * day);
  const [size, setSize] = useState('full');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const only = ids.length === 1 ? ids[0] : undefined;
  const names = useId();

  const make = async (e: FormEvent) => {
    e.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem('');
    const all: Made[] = [];
    try {
      const renditions = sizes.find(([key]) => key === size)![2];
      for (const id of ids.slice(0, most)) all.push((await ask(shareImage, { id, expiresIn: seconds, renditions })).shareImage);
      announce(all.length === 1 ? 'The link is made.' : `${all.length} links are made.`);
    } catch (reason) {
      setProblem(failure(reason).message);
    }
    setMade(all);
    setBusy(false);
  };
  const title = only ? 'Share this picture' : `Share ${some(ids.length)}`;
  return (
    <Dialog title={title} close={close}>
      {made.length === 0 ? (
        <form onSubmit={make}>
          <p className="hint">Whoever has the link can look, without an account. They never see the file’s name, where it was taken, or the original.</p>
          {ids.length > most && <p className="problem">At most {most} are shared at once: the first {most} are.</p>}
          <div className="share-choices">
            <div className="field"><label htmlFor={`${names}-l`}>The link works for</label>
              <select id={`${names}-l`} value={seconds} onChange={(e) => setSeconds(Number(e.target.value))}>
                {lasting.map(([value, name]) => <option key={value} value={value}>{name}</option>)}
              </select>
            </div>
            <div className="field"><label htmlFor={`${names}-s`}>Largest size shown</label>
              <select id={`${names}-s`} value={size} onChange={(e) => setSize(e.target.value)}>
                {sizes.map(([value, name]) => <option key={value} value={value}>{name}</option>)}
              </select>
            </div>
          </div>
          <p className="problem" role="alert">{problem}</p>
          <div className="dialog-deeds">
            <button className="button primary" type="submit" aria-disabled={busy}>{busy ? <Spinner /> : <><Icon name="link" />{only ? 'Make a link' : 'Make links'}</>}</button>
          </div>
        </form>
      ) : <Result made={made} names={(id) => pictures.get(id)?.filename ?? 'Picture'} problem={problem} />}
      {only && <Existing darkroom={darkroom} id={only} made={made} />}
    </Dialog>
  );
}

function Existing({ darkroom, id, made }: { darkroom: Darkroom; id: string; made: readonly Made[] }) {
  const links = useShares(darkroom.ask, id, made);
  if (!links.all?.length) return null;
  return <section className="share-existing"><h3>Links that work</h3><ShareList links={links} named={false} empty="" /></section>;
}

/** Where a page is not served securely, browsers copy only what is selected. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.querySelector<HTMLTextAreaElement>('.share-all')!;
  field.select();
  if (!document.execCommand('copy')) throw new Error('the browser does not copy');
}

function Result({ made, names, problem }: { made: readonly Made[]; names(id: string): string; problem: string }) {
  const [copied, setCopied] = useState(false);
  const all = made.map(({ url }) => url ?? '').join('\n');
  const copy = async () => {
    const worked = await copyText(all).then(() => true, () => false);
    setCopied(worked);
    announce(worked ? 'Copied.' : 'Your browser does not copy: select the link, and copy it.');
  };
  const send = 'share' in navigator && made.length === 1 ? () => void navigator.share({ url: all }).catch(() => {}) : undefined;
  return (
    <div className="share-result">
      <p>Copy {made.length === 1 ? 'it' : 'them'} now: the link is not shown again.</p>
      <ul>
        {made.map(({ id, url, imageId }) => (
          <li key={id}>{made.length > 1 && <bdi className="hint">{names(imageId)}</bdi>}
            <input readOnly value={url ?? ''} aria-label={`Link to ${names(imageId)}`} onFocus={(e) => e.target.select()} /></li>
        ))}
      </ul>
      <textarea className="unseen share-all" readOnly value={all} tabIndex={-1} aria-hidden="true" />
      {problem && <p className="problem" role="alert">Not all were made. {problem}</p>}
      <div className="dialog-deeds">
        {send && <button className="button" type="button" onClick={send}><Icon name="share" />Send</button>}
        <button className="button primary" type="button" onClick={() => void copy()}><Icon name={copied ? 'check' : 'copy'} />{copied ? 'Copied' : 'Copy'}</button>
      </div>
    </div>
  );
}
