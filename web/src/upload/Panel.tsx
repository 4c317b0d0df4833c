// Uploads at the edge of the page: a bar for all, and a list with one for each.
import { type CSSProperties, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { bytes } from '../format.js';
import type { Pictures } from '../gallery/pictures.js';
import { announce } from '../ui/announce.js';
import { Icon } from '../ui/Icon.js';
import '../styles/uploads.css';
import type { Job } from './job.js';
import type { Snapshot, Uploads } from './uploads.js';
import { headline, line, remaining } from './words.js';

const rowHeight = 60; // px, as the style has it

interface Props {
  uploads: Uploads;
  now: Snapshot;
  pictures: Pictures;
  choose(): void;
}

export function Panel({ uploads, now, pictures, choose }: Props) {
  const { jobs, total } = now;
  useSyncExternalStore(pictures.subscribe, pictures.snapshot); // what became of them is told here too
  const [wide, setWide] = useState(() => matchMedia('(min-width: 701px)').matches); // on a phone it would hide the pictures
  const rate = useRate(total.done, total.moving);
  const title = headline(total);
  useEffect(() => {
    if (jobs.length > 0) announce(total.moving ? `Uploading ${jobs.length} files.` : `${title}.`);
  }, [total.moving, jobs.length > 0]); // at the beginning and the end only: each percent would be a nuisance
  if (jobs.length === 0) return null;
  const share = total.bytes > 0 ? total.done / total.bytes : 1;
  return (
    <section className={wide ? 'panel wide' : 'panel'} aria-label="Uploads">
      <div className="panel-head">
        <button className="panel-fold" type="button" aria-expanded={wide} onClick={() => setWide(!wide)}>
          <Icon name="chevronDown" /><span className="panel-title">{title}</span>
          <span className="panel-rest">{remaining(total, rate) || (total.moving ? `${bytes(total.done)} of ${bytes(total.bytes)}` : '')}</span>
        </button>
        {!total.moving && <button className="round" type="button" aria-label="Close the list" onClick={() => uploads.clear()}><Icon name="close" /></button>}
      </div>
      <Bar label="All uploads" value={share} state={total.moving ? '' : total.failed ? 'bad' : 'good'} />
      {total.lost > 0 && (
        <p className="panel-note">
          Your browser had no room to keep {total.lost === 1 ? 'a file' : `${total.lost} files`} while the page was closed.{' '}
          <button className="link" type="button" onClick={choose}>Choose again</button> and they go on where they were.
        </p>
      )}
      {wide && <List jobs={jobs} uploads={uploads} pictures={pictures} />}
    </section>
  );
}

/** List draws only the rows on the screen: a folder has thousands. */
function List({ jobs, uploads, pictures }: { jobs: readonly Job[]; uploads: Uploads; pictures: Pictures }) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const ordered = order(jobs);
  const first = Math.max(0, Math.floor(top / rowHeight) - 3);
  const shown = ordered.slice(first, first + 14);
  return (
    <div className="panel-list" ref={box} tabIndex={0} role="group" aria-label="Files" onScroll={() => setTop(box.current!.scrollTop)}>
      <ul style={{ height: ordered.length * rowHeight }}>
        {shown.map((job, i) => (
          <Row key={job.id} job={job} uploads={uploads} text={line(job, job.imageId ? pictures.get(job.imageId) : undefined)}
            broken={!!job.imageId && pictures.get(job.imageId)?.status === 'FAILED'} style={{ transform: `translateY(${(first + i) * rowHeight}px)` }} />
        ))}
      </ul>
    </div>
  );
}

const rank: Record<Job['phase'], number> = { failed: 0, lost: 1, sending: 2, ready: 3, hashing: 3, sent: 4, had: 4 };

/** What needs somebody comes first, then what moves, then what waits. */
const order = (jobs: readonly Job[]): Job[] => [...jobs].sort((a, b) => rank[a.phase] - rank[b.phase]);

interface RowProps {
  job: Job;
  text: string;
  broken: boolean;
  uploads: Uploads;
  style: CSSProperties;
}

function Row({ job, text, broken, uploads, style }: RowProps) {
  const { id, name, phase, failure } = job;
  const bad = phase === 'failed' || broken;
  const over = phase === 'sent' || phase === 'had';
  return (
    <li style={style} className={bad ? 'bad' : phase}>
      <p className="panel-name"><bdi>{name}</bdi></p>
      <p className="panel-line" title={text}>{over && !bad && <Icon name="check" />}{bad && <Icon name="alert" />}<span>{text}</span></p>
      {!over && !bad && <Bar label={name} value={job.done / Math.max(1, job.bytes)} state={phase === 'hashing' ? 'quiet' : ''} />}
      <span className="panel-deeds">
        {phase === 'failed' && failure?.retry && (
          <button className="round" type="button" aria-label={`Try ${name} again`} onClick={() => uploads.retry(id)}><Icon name="retry" /></button>
        )}
        {!over && <button className="round" type="button" aria-label={phase === 'failed' ? `Dismiss ${name}` : `Cancel ${name}`} onClick={() => uploads.cancel(id)}><Icon name="close" /></button>}
      </span>
    </li>
  );
}

const Bar = ({ label, value, state }: { label: string; value: number; state: string }) => (
  <div className={`progress ${state}`} role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.floor(value * 100)}>
    <span style={{ transform: `scaleX(${value})` }} />
  </div>
);

/** useRate is bytes a second, smoothed over some ten seconds. */
function useRate(done: number, moving: boolean): number {
  const [rate, setRate] = useState(0);
  const newest = useRef(done);
  newest.current = done;
  useEffect(() => {
    if (!moving) return setRate(0);
    let last = newest.current;
    const timer = setInterval(() => {
      const now = Math.max(0, newest.current - last);
      last = newest.current;
      setRate((before) => (before === 0 ? now : before * 0.85 + now * 0.15));
    }, 1000);
    return () => clearInterval(timer);
  }, [moving]);
  return rate;
}
