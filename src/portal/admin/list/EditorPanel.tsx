/**
 * The panel beside a list in which one record is edited. Asks before what is not saved is left, shows what somebody
 * else saved meanwhile, and goes to the first field that something is wrong with.
 */
import { useBlocker } from '@tanstack/react-router';
import { useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { ConflictDialog } from '../../parts/ConflictDialog.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { Icon, type IconName } from '../../parts/Icon.tsx';
import { LeaveDialog } from '../drafts/LeaveDialog.tsx';
import { differing, isDirty, type RecordEditor } from './record-editor.ts';
import { closesPanel, PanelHead, useKeyboardFromList } from './SidePanel.tsx';

export interface PanelAction {
  readonly label: string;
  readonly icon: IconName;
  readonly danger?: boolean;
  /** Leaves without asking about what is not saved. */
  readonly leaves?: boolean;
  readonly run: () => void;
}

export interface EditorPanelProps<Draft extends object> {
  readonly title: string;
  readonly editor: RecordEditor<Draft>;
  /** What a member is called, and how it reads, where two saves differ. */
  readonly labels: { readonly [Key in keyof Draft]: string };
  readonly read?: (key: keyof Draft, value: Draft[keyof Draft]) => string | undefined;
  readonly actions?: readonly PanelAction[];
  readonly saveLabel?: string;
  /** Without it, the panel is part of its page. */
  readonly onClose?: () => void;
  readonly children: ReactNode;
}

function plain(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(plain).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function EditorPanel<Draft extends object>(props: EditorPanelProps<Draft>) {
  const { editor, labels, onClose, actions = [] } = props;
  const { t } = useTranslation();
  const state = useStore(editor.store);
  const panel = useRef<HTMLElement>(null);
  const mayLeave = useRef(false);
  const dirty = isDirty(state);

  const leaving = useBlocker({
    shouldBlockFn: () => !mayLeave.current && isDirty(editor.store.getState()),
    enableBeforeUnload: () => isDirty(editor.store.getState()),
    withResolver: true,
  });
  useKeyboardFromList(panel, onClose !== undefined);

  async function save(): Promise<void> {
    if (!(await editor.save()))
      requestAnimationFrame(() => panel.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  }

  const { conflict } = state;
  return (
    // Keys that hold in the whole panel: Escape closes, Ctrl+S saves.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      ref={panel}
      className="editor-panel"
      aria-label={props.title}
      onKeyDown={(event) => {
        if (event.isDefaultPrevented()) return;
        if (onClose && closesPanel(event)) {
          event.preventDefault();
          onClose();
        } else if (event.key.toLowerCase() === 's' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          void save();
        }
      }}
    >
      <PanelHead title={props.title} onClose={onClose} />
      <form
        className="editor-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <div className="editor-fields">
          {state.failure ? <Failure failure={state.failure} /> : null}
          {props.children}
        </div>
        <footer className="editor-foot">
          {actions.map((action) => (
            <button
              key={action.label}
              type="button"
              className={action.danger ? 'btn btn-quiet text-danger-own' : 'btn btn-quiet'}
              onClick={() => {
                mayLeave.current = action.leaves === true;
                action.run();
              }}
            >
              <Icon name={action.icon} size={16} /> {action.label}
            </button>
          ))}
          <output className="editor-dirty">{dirty ? t('drafts.unsaved') : ''}</output>
          <button
            type="submit"
            className="btn btn-primary"
            disabled={state.busy || (!dirty && state.version !== undefined)}
          >
            {props.saveLabel ?? t('save')}
          </button>
        </footer>
      </form>
      {conflict ? (
        <ConflictDialog
          title={t('list.conflict')}
          text={t('list.conflictText')}
          onResolve={(choice) => editor.resolve(choice)}
        >
          <table className="conflict-table">
            <thead>
              <tr>
                <th scope="col">{t('list.field')}</th>
                <th scope="col">{t('list.theirs')}</th>
                <th scope="col">{t('list.mine')}</th>
              </tr>
            </thead>
            <tbody>
              {differing(conflict.theirs, state.draft).map((key) => (
                <tr key={String(key)}>
                  <th scope="row">{labels[key]}</th>
                  <td>{props.read?.(key, conflict.theirs[key]) ?? plain(conflict.theirs[key])}</td>
                  <td>{props.read?.(key, state.draft[key]) ?? plain(state.draft[key])}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ConflictDialog>
      ) : null}
      {leaving.status === 'blocked' ? (
        <LeaveDialog onLeave={() => leaving.proceed()} onStay={() => leaving.reset()} />
      ) : null}
    </section>
  );
}
