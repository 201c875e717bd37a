/**
 * The choice of a server as a table. One radio button a row, so that arrow keys choose and Enter goes on. Values follow
 * the server by push; the order is computed when a column is chosen, since rows must not move under the pointer.
 */
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Answers, Form, ServerChoice } from '../../contract/form.ts';
import { useServices } from '../app/services.ts';
import { Icon } from '../parts/Icon.tsx';

const COLUMNS = ['hostname', 'pool', 'load', 'sessions', 'memory'] as const;
type Column = (typeof COLUMNS)[number];

interface Sorting {
  readonly column: Column | undefined;
  readonly descending: boolean;
  /** Ids in the order that is shown. */
  readonly order: readonly string[];
}

/** Work that waits or runs, per processor: 1 is all of it. */
const loadOf = ({ loadavg, cpu }: ServerChoice) => loadavg[0] / Math.max(1, cpu);

/** What a column is sorted by, the better first where there is a better. */
const KEYS: Record<Column, (server: ServerChoice) => string | number> = {
  hostname: ({ hostname }) => hostname,
  pool: ({ serverPool }) => serverPool,
  load: loadOf,
  sessions: ({ sessions }) => sessions,
  memory: ({ freemem }) => -freemem,
};

export function sortServers(
  servers: readonly ServerChoice[],
  column: Column,
  descending: boolean,
  locale: string,
): ServerChoice[] {
  const collator = new Intl.Collator(locale, { numeric: true });
  const compare = (a: ServerChoice, b: ServerChoice): number => {
    const [x, y] = [KEYS[column](a), KEYS[column](b)];
    return typeof x === 'number' && typeof y === 'number' ? x - y : collator.compare(String(x), String(y));
  };
  return servers.toSorted((a, b) => (descending ? -1 : 1) * compare(a, b) || collator.compare(a.hostname, b.hostname));
}

export interface ServerTableProps {
  readonly form: Form;
  readonly servers: readonly ServerChoice[];
  readonly formId: string;
  readonly initial: Answers | undefined;
  readonly onChange: (answers: Answers) => void;
  readonly onSubmit: (answers: Answers) => void;
}

export function ServerTable({ form, servers, formId, initial, onChange, onSubmit }: ServerTableProps) {
  const { t, i18n } = useTranslation();
  const live = useStore(useServices().servers.store, (state) => state.servers);
  const [field] = form.fields;
  const name = field?.name ?? 'serverId';
  const suggested = typeof field?.defaultValue === 'string' ? field.defaultValue : servers[0]?.serverId;
  const before = initial?.[name];
  const [chosen, setChosen] = useState(typeof before === 'string' ? before : suggested);
  const [sorting, setSorting] = useState<Sorting>({
    column: undefined,
    descending: false,
    order: servers.map(({ serverId }) => serverId),
  });
  const id = useId();
  const body = useRef<HTMLTableSectionElement>(null);
  useEffect(() => body.current?.querySelector<HTMLInputElement>('input:checked, input:enabled')?.focus(), []);

  // `null`: the server was there, and went.
  const rows = new Map(servers.map((server) => [server.serverId, live.get(server.serverId) ?? server]));
  const isOpen = (serverId: string) => live.get(serverId) !== null && rows.get(serverId)?.accepts.start === true;
  const pools = servers.some(({ serverPool }) => serverPool !== '');
  const columns = COLUMNS.filter((column) => column !== 'pool' || pools);
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 0 });
  const bytes = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  const gib = (value: number) => bytes.format(value / 2 ** 30);

  function sort(column: Column): void {
    const descending = sorting.column === column && !sorting.descending;
    const order = sortServers([...rows.values()], column, descending, i18n.language).map(({ serverId }) => serverId);
    setSorting({ column, descending, order });
  }
  function choose(serverId: string): void {
    setChosen(serverId);
    onChange({ [name]: serverId });
  }
  function submit(): void {
    if (chosen !== undefined && isOpen(chosen)) onSubmit({ [name]: chosen });
    else body.current?.querySelector<HTMLInputElement>('input:enabled')?.focus();
  }

  return (
    <form
      id={formId}
      className="servers"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <table className="server-table" aria-label={t('servers.choose')}>
        <thead>
          <tr>
            {columns.map((column) => {
              const sorted = sorting.column === column;
              return (
                <th
                  key={column}
                  scope="col"
                  className={`server-${column}`}
                  aria-sort={sorted ? (sorting.descending ? 'descending' : 'ascending') : undefined}
                >
                  <button type="button" className={sorted ? 'sorted' : undefined} onClick={() => sort(column)}>
                    {t(`servers.${column}`)}
                    <span className={sorting.descending ? 'sort-mark descending' : 'sort-mark'}>
                      <Icon name="chevron" size={13} />
                    </span>
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody ref={body}>
          {sorting.order.map((serverId) => {
            const server = rows.get(serverId);
            if (!server) return null;
            const open = isOpen(serverId);
            const load = loadOf(server);
            const cells: Record<Column, React.ReactNode> = {
              hostname: (
                <label className="server-name">
                  <input
                    type="radio"
                    className="form-check-input"
                    name={`${id}-server`}
                    checked={chosen === serverId}
                    disabled={!open}
                    onChange={() => choose(serverId)}
                  />
                  <span>
                    {server.hostname}
                    {open ? null : <small>{t(live.get(serverId) === null ? 'servers.gone' : 'servers.closed')}</small>}
                  </span>
                </label>
              ),
              pool: server.serverPool,
              load: (
                <>
                  <meter min={0} max={1} high={0.8} optimum={0} value={Math.min(1, load)} aria-hidden="true" />{' '}
                  <span>{percent.format(load)}</span>
                </>
              ),
              sessions: server.sessions,
              memory: t('servers.memoryOf', { free: gib(server.freemem), total: gib(server.totalmem) }),
            };
            return (
              // The mouse may take the whole row; the keyboard has the radio buttons in it.
              // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
              <tr
                key={serverId}
                className={[chosen === serverId ? 'chosen' : '', open ? '' : 'closed'].join(' ').trim() || undefined}
                onClick={() => {
                  if (open && chosen !== serverId) choose(serverId);
                }}
                onDoubleClick={() => {
                  if (open) onSubmit({ [name]: serverId });
                }}
              >
                {columns.map((column) => (
                  <td key={column} className={`server-${column}`}>
                    {cells[column]}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </form>
  );
}
