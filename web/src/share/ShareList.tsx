// Links that work, each to be revoked.
import { day } from '../format.js';
import { ask as confirm } from '../ui/confirm.js';
import { Spinner } from '../ui/Spinner.js';
import type { Links } from './use-shares.js';

export function ShareList({ links, named, empty }: { links: Links; named: boolean; empty: string }) {
  const { all, problem, revoke, again } = links;
  const end = async (id: string) => {
    const sure = await confirm({ title: 'Revoke this link?', text: 'It stops working at once. Pictures that somebody has open stay on their screen.', action: 'Revoke' });
    if (sure) await revoke(id);
  };
  if (problem) return <p className="problem" role="alert">{problem} <button className="link" type="button" onClick={again}>Try again</button></p>;
  if (!all) return <Spinner label="The links are being read" />;
  if (all.length === 0) return <p className="hint">{empty}</p>;
  return (
    <ul className="shares">
      {all.map((share) => (
        <li key={share.id}>
          <div>
            <p className="strong">{named ? <bdi>{share.image?.filename ?? 'A picture that is gone'}</bdi> : `Made on ${day(share.createdAt)}`}</p>
            <p className="hint">Until {day(share.expiresAt)}, {sizes(share.renditions)}</p>
          </div>
          <button className="button danger" type="button" onClick={() => void end(share.id)}>Revoke</button>
        </li>
      ))}
    </ul>
  );
}

const sizes = (names: readonly string[]): string => {
  if (names.includes('xlarge')) return 'up to 2048 pixels';
  if (names.includes('large')) return 'up to 1024 pixels';
  return 'up to 512 pixels';
};
