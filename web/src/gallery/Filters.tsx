// Which pictures are shown, and in which order.
import type { Choice, Counts, Filter, Order } from './order.js';

const filters: [Filter, string][] = [['all', 'All'], ['developing', 'Developing'], ['ready', 'Ready'], ['failed', 'Failed']];

interface Props {
  choice: Choice;
  counts: Counts;
  change(to: Partial<Choice>): void;
}

export function Filters({ choice, counts, change }: Props) {
  return (
    <div className="filters">
      <div className="chips" role="group" aria-label="Show">
        {filters.map(([filter, name]) => (
          <button key={filter} type="button" className="chip" aria-pressed={choice.filter === filter} onClick={() => change({ filter })}>
            {name}<span className="chip-count">{counts[filter].toLocaleString()}</span>
          </button>
        ))}
      </div>
      <label className="order">
        <span className="unseen">Order by</span>
        <select value={choice.order} onChange={(e) => change({ order: e.target.value as Order })}>
          <option value="uploaded">Uploaded</option>
          <option value="taken">Taken</option>
        </select>
      </label>
    </div>
  );
}
