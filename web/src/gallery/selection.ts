// What is selected, and from where a reach with shift begins. Pure, for React's reducer.

export interface Selection {
  ids: ReadonlySet<string>;
  anchor: string | undefined;
}

export type Act =
  | { do: 'toggle'; id: string }
  /** From the anchor to here, in the order on the screen. */
  | { do: 'reach'; id: string; order: readonly { id: string }[] }
  | { do: 'all'; order: readonly { id: string }[] }
  | { do: 'clear' }
  /** What is no longer there cannot stay selected. */
  | { do: 'keep'; order: readonly { id: string }[] };

export const nothing: Selection = { ids: new Set(), anchor: undefined };

export function select(selection: Selection, act: Act): Selection {
  switch (act.do) {
    case 'clear':
      return nothing;
    case 'all':
      return { ids: new Set(act.order.map(({ id }) => id)), anchor: selection.anchor };
    case 'toggle': {
      const ids = new Set(selection.ids);
      if (!ids.delete(act.id)) ids.add(act.id);
      return { ids, anchor: act.id };
    }
    case 'reach':
      return reach(selection, act.id, act.order);
    case 'keep': {
      const there = new Set(act.order.map(({ id }) => id));
      const ids = [...selection.ids].filter((id) => there.has(id));
      return ids.length === selection.ids.size ? selection : { ids: new Set(ids), anchor: selection.anchor };
    }
  }
}

function reach(selection: Selection, id: string, order: readonly { id: string }[]): Selection {
  const from = order.findIndex((p) => p.id === selection.anchor);
  const to = order.findIndex((p) => p.id === id);
  if (from < 0 || to < 0) return select(selection, { do: 'toggle', id });
  const between = order.slice(Math.min(from, to), Math.max(from, to) + 1).map((p) => p.id);
  return { ids: new Set([...selection.ids, ...between]), anchor: selection.anchor };
}
