import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { I18nextProvider } from 'react-i18next';
import { afterEach, expect, it, vi } from 'vitest';
import { ApiFailure } from '../../../api/failure.ts';
import { createI18n } from '../../app/i18n.ts';
import { ListView, type ListViewProps } from './ListView.tsx';
import type { Column } from './columns.ts';

interface Machine {
  readonly id: string;
  readonly name: string;
  readonly memory: number;
}

const COLUMNS: readonly Column<Machine>[] = [
  { key: 'name', label: 'Name', text: (row) => row.name, width: '1fr' },
  { key: 'memory', label: 'Memory', text: (row) => `${row.memory} GiB`, value: (row) => row.memory, width: '1fr' },
];
const MANY: readonly Machine[] = Array.from({ length: 10_000 }, (_, i) => ({
  id: `m${i}`,
  name: `Node ${i}`,
  memory: (i * 7919) % 10_000,
}));
const rowId = (row: Machine) => row.id;
const rowName = (row: Machine) => row.name;

let close: (() => void) | undefined;
afterEach(() => {
  close?.();
  close = undefined;
});

async function show(props: Partial<ListViewProps<Machine>> = {}) {
  Element.prototype.scrollTo = () => undefined;
  const i18n = await createI18n('en');
  const list = (rows: readonly Machine[] | undefined, more: Partial<ListViewProps<Machine>> = {}) => (
    <I18nextProvider i18n={i18n}>
      <ListView
        label="Machines"
        source={{ rows, failure: undefined, reload: async () => undefined }}
        columns={COLUMNS}
        rowId={rowId}
        rowName={rowName}
        empty={<h2>No machine yet</h2>}
        {...props}
        {...more}
      />
    </I18nextProvider>
  );
  const view = render(list(MANY));
  close = () => view.unmount();
  return {
    user: userEvent.setup(),
    rerender: (rows: readonly Machine[] | undefined, more?: Partial<ListViewProps<Machine>>) =>
      view.rerender(list(rows, more)),
  };
}

const names = () => screen.getAllByRole('rowheader').map((cell) => cell.textContent);

it('puts a window of 10,000 rows into the page, and says how many there are', async () => {
  await show();
  const rows = screen.getAllByRole('row');
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.length).toBeLessThan(60);
  expect(screen.getByRole('grid', { name: 'Machines' }).getAttribute('aria-rowcount')).toBe('10001');
  expect(screen.getByText('10000 rows')).toBeTruthy();
});

it('finds by every word in any column, without accents, and says how many', async () => {
  const { user, rerender } = await show();
  rerender([{ id: 'x', name: 'Élan Zürich', memory: 64 }, ...MANY]);
  await user.keyboard('/');
  await user.keyboard('zurich elan 64');
  await waitFor(() => expect(names()).toEqual(['Élan Zürich']));
  expect(screen.getByText('1 match of 10001')).toBeTruthy();
  await user.keyboard('{Escape}');
  await waitFor(() => expect(names().length).toBeGreaterThan(5));
});

it('sorts by numbers as numbers, both ways, by keyboard', async () => {
  const { user } = await show();
  await user.keyboard('/{ArrowDown}');
  await user.keyboard('{ArrowUp}{ArrowRight}{Enter}');
  const header = screen.getByRole('columnheader', { name: 'Memory' });
  expect(header.getAttribute('aria-sort')).toBe('ascending');
  expect(screen.getAllByRole('row')[1]?.textContent).toContain('0 GiB');
  await user.keyboard('{Enter}');
  expect(header.getAttribute('aria-sort')).toBe('descending');
  expect(screen.getAllByRole('row')[1]?.textContent).toContain('9999 GiB');
});

it('is one tab stop, goes from cell to cell, opens, selects and deletes by keyboard', async () => {
  const onOpen = vi.fn();
  const onDelete = vi.fn();
  const { user } = await show({ onOpen, onDelete });
  await user.click(screen.getByRole('searchbox'));
  await user.keyboard('{ArrowDown}');
  const grid = screen.getByRole('grid');
  expect(grid.contains(document.activeElement)).toBe(true);
  expect(grid.querySelectorAll('[tabindex="0"]')).toHaveLength(1);
  // The first column is the checkbox.
  await user.keyboard('{ArrowDown}{ArrowRight}');
  expect(document.activeElement?.textContent).toBe('Node 1');
  await user.keyboard('{Enter}');
  expect(onOpen).toHaveBeenCalledWith(MANY[1]);
  await user.keyboard(' ');
  expect(screen.getByText('1 selected')).toBeTruthy();
  await user.keyboard('{Shift>}{ArrowDown}{ArrowDown}{/Shift}');
  expect(screen.getByText('3 selected')).toBeTruthy();
  await user.keyboard('{Delete}');
  expect(onDelete).toHaveBeenLastCalledWith([MANY[1], MANY[2], MANY[3]]);
  await user.keyboard('{Escape}');
  expect(screen.queryByText('3 selected')).toBeNull();
  await user.keyboard('{Home}{Home}');
  expect(document.activeElement?.getAttribute('aria-label')).toBe('Select Node 0');
  await user.keyboard('{Control>}{End}{/Control}');
  expect(document.activeElement?.getAttribute('aria-label')).toBe('Delete Node 9999');
  await user.keyboard('{Enter}');
  expect(onDelete).toHaveBeenLastCalledWith([MANY[9999]]);
});

it('keeps its place when rows come before it, and moves on when its row is deleted', async () => {
  const { user, rerender } = await show();
  await user.keyboard('/{ArrowDown}{ArrowDown}{ArrowDown}');
  expect(document.activeElement?.textContent).toBe('Node 2');
  rerender([{ id: 'new', name: 'New', memory: 1 }, ...MANY]);
  expect(document.activeElement?.textContent).toBe('Node 2');
  await user.keyboard('{ArrowDown}');
  expect(document.activeElement?.textContent).toBe('Node 3');
});

it('gives the focus to the next row when the one that had it is deleted', async () => {
  const { user, rerender } = await show({ onDelete: (gone) => rerender(MANY.filter((row) => !gone.includes(row))) });
  await user.keyboard('/{ArrowDown}{ArrowRight}{ArrowDown}{Delete}');
  await waitFor(() => expect(names()[1]).toBe('Node 2'));
  expect(document.activeElement?.textContent).toBe('Node 2');
});

it('says what to do when there is nothing, that it is reading, and how it failed', async () => {
  const { rerender } = await show();
  rerender([]);
  expect(screen.getByRole('heading', { name: 'No machine yet' })).toBeTruthy();
  rerender(undefined);
  expect(screen.getByText('Loading …')).toBeTruthy();
  const reload = vi.fn(async () => undefined);
  rerender(undefined, { source: { rows: undefined, failure: new ApiFailure('offline'), reload } });
  within(screen.getByRole('alert')).getByRole('button', { name: 'Try again' }).click();
  expect(reload).toHaveBeenCalledOnce();
  // What has been read stays when reading again fails.
  rerender(undefined, { source: { rows: MANY, failure: new ApiFailure('offline'), reload } });
  expect(names().length).toBeGreaterThan(5);
  expect(screen.getByText(/may be out of date/)).toBeTruthy();
});
