// One picture, as large as the window, and everything that is known of it.
import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { failure } from '../api/errors.js';
import type { Darkroom } from '../darkroom.js';
import type { Deed } from '../gallery/deeds.js';
import { Photo } from '../gallery/Photo.js';
import { type Picture, ratioOf } from '../gallery/picture.js';
import { badge, retriable, spoken } from '../gallery/status.js';
import { go } from '../route.js';
import { Icon, type IconName } from '../ui/Icon.js';
import { Notice } from '../ui/Notice.js';
import { Spinner } from '../ui/Spinner.js';
import { toast } from '../ui/toasts.js';
import '../styles/viewer.css';
import { Facts } from './Facts.js';
import { original } from './operations.js';
import { Similar } from './Similar.js';
import { useDetails, useSimilar } from './use-details.js';

interface Props {
  darkroom: Darkroom;
  id: string;
  from: 'photos' | 'trash';
  /** The pictures on either side, as in the grid. */
  order: readonly Picture[];
  preview: string | undefined;
  share(id: string): void;
  /** Answers whether it was done. */
  perform(deed: Deed, id: string): Promise<boolean>;
}

export default function Viewer({ darkroom, id, from, order, preview, share, perform }: Props) {
  const { pictures, links } = darkroom;
  const [round, setRound] = useState(0);
  const picture = pictures.get(id);
  const { details, problem } = useDetails(darkroom, id, picture?.version ?? 0, round);
  const alike = useSimilar(darkroom, id, picture?.status === 'READY');
  const at = order.findIndex((p) => p.id === id);
  const [before, after] = [order[at - 1], at < 0 ? undefined : order[at + 1]];
  const [facts, setFacts] = useState(() => matchMedia('(min-width: 900px)').matches);

  const close = () => go({ page: from });
  const show = (to: string | undefined) => to && go({ page: 'picture', id: to, from }, 'replace');
  /** What is no longer in this place is left for the next one. */
  const gone = async (deed: Deed) => {
    const next = after ?? before;
    if (!(await perform(deed, id))) return;
    if (next) show(next.id);
    else close();
  };
  useKeys({
    Escape: close, ArrowLeft: () => show(before?.id), ArrowRight: () => show(after?.id), i: () => setFacts(!facts),
    Delete: () => from === 'photos' && gone('trash'),
  });
  useEffect(() => {
    links.need(id); // an event came, or the links ran out
  }, [links, id, picture]);

  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => frame.current?.focus({ preventScroll: true }), []);
  const swipe = useSwipe(() => show(after?.id), () => show(before?.id));
  const name = picture?.filename || 'Picture';
  return (
    <div className={facts ? 'viewer facts-open' : 'viewer'} role="dialog" aria-modal="true" aria-label={name} tabIndex={-1} ref={frame}>
      <header className="viewer-bar">
        <Tool icon="back" label="Back to all pictures" run={close} />
        <h1><bdi>{name}</bdi></h1>
        {picture?.status === 'READY' && from === 'photos' && <Tool icon="share" label="Share" run={() => share(id)} />}
        {picture && picture.status !== 'PENDING' && <Tool icon="download" label="Download the original" run={() => void download(darkroom, id)} />}
        {picture && from === 'photos' && <Tool icon="trash" label="Move to the trash" run={() => void gone('trash')} />}
        {picture && from === 'trash' && <Tool icon="close" label="Remove for good" run={() => void gone('purge')} />}
        {picture && from === 'trash' && <Tool icon="restore" label="Restore" run={() => void gone('restore')} />}
        <Tool icon="info" label="Details" run={() => setFacts(!facts)} pressed={facts} />
      </header>
      <div className="viewer-stage" {...swipe}>
        {picture ? <Large picture={picture} preview={preview} broken={() => links.broken(id)} retry={() => void perform('retry', id)} /> : <Missing problem={problem?.message} retry={() => setRound(round + 1)} />}
        {before && <button className="viewer-step left" type="button" aria-label="The picture before" onClick={() => show(before.id)}><Icon name="previous" /></button>}
        {after && <button className="viewer-step right" type="button" aria-label="The next picture" onClick={() => show(after.id)}><Icon name="next" /></button>}
      </div>
      {facts && (
        <aside className="viewer-facts" aria-label="Details" tabIndex={0}>
          {details && <Facts details={details} />}
          {!details && !problem && <Spinner label="The details are being read" />}
          {problem && picture && <p className="problem" role="alert">{problem.message} <button className="link" type="button" onClick={() => setRound(round + 1)}>Try again</button></p>}
          <Similar images={alike} from={from} />
        </aside>
      )}
    </div>
  );
}

interface LargeProps {
  picture: Picture;
  preview: string | undefined;
  broken(): void;
  retry(): void;
}

function Large({ picture, preview, broken, retry }: LargeProps) {
  const widest = Math.max(480, picture.width ?? 0, ...(picture.renditions?.map((r) => r.width) ?? []));
  const state = badge(picture);
  return (
    <div className="viewer-photo" key={picture.id} style={{ '--ratio': ratioOf(picture), '--widest': `${widest}px` } as object}>
      <Photo placeholder={picture.placeholder} renditions={picture.renditions} width={window.innerWidth} alt={spoken(picture)} eager preview={preview} onBroken={broken} />
      {state && picture.status !== 'FAILED' && <p className="viewer-state" role="status"><span className="pulse" />{state}</p>}
      {picture.status === 'FAILED' && (
        <div className="viewer-state">
          <Icon name="alert" /><span role="status">{state}</span>
          {retriable(picture) && <button className="link" type="button" onClick={retry}>Try again</button>}
        </div>
      )}
    </div>
  );
}

const Missing = ({ problem, retry }: { problem: string | undefined; retry(): void }) =>
  problem ? <Notice icon="alert" title="This picture cannot be shown" action={{ label: 'Try again', run: retry }}>{problem}</Notice> : <Spinner label="Opening" />;

interface ToolProps {
  icon: IconName;
  label: string;
  run(): void;
  pressed?: boolean;
}

const Tool = ({ icon, label, run, pressed }: ToolProps) => (
  <button className="round" type="button" aria-label={label} title={label} aria-pressed={pressed} onClick={run}><Icon name={icon} /></button>
);

/** A link to the original is signed when it is wanted: it does not last. The store tells the browser to save it. */
async function download({ ask }: Darkroom, id: string): Promise<void> {
  try {
    const url = (await ask(original, { id })).image?.original?.url;
    if (!url) return toast('The original is not there.');
    const link = document.createElement('a');
    link.href = url;
    link.rel = 'noreferrer';
    link.click();
  } catch (reason) {
    toast(failure(reason).message);
  }
}

function useKeys(keys: Record<string, () => unknown>) {
  useEffect(() => {
    const heard = (e: KeyboardEvent) => {
      if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || document.querySelector('dialog[open]')) return;
      const run = keys[e.key];
      if (run) e.preventDefault();
      run?.();
    };
    addEventListener('keydown', heard);
    return () => removeEventListener('keydown', heard);
  });
}

const far = 56; // px of a finger's way that is meant

function useSwipe(left: () => void, right: () => void) {
  const start = useRef<{ x: number; y: number }>(undefined);
  return {
    onPointerDown: (e: PointerEvent) => void (start.current = e.pointerType === 'touch' && e.isPrimary ? { x: e.clientX, y: e.clientY } : undefined),
    onPointerUp: (e: PointerEvent) => {
      if (!start.current || (visualViewport?.scale ?? 1) > 1.05) return; // zoomed in, a finger moves the picture
      const [dx, dy] = [e.clientX - start.current.x, e.clientY - start.current.y];
      start.current = undefined;
      if (Math.abs(dx) > far && Math.abs(dx) > 2 * Math.abs(dy)) (dx < 0 ? left : right)();
    },
  };
}
