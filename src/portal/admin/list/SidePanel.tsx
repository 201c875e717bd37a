/** A panel beside a list in which one thing is read. Has the keyboard while it is there, and gives it back. */
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../parts/Icon.tsx';

/**
 * The heading of a panel has the keyboard as long as the panel is there; what had it before gets it back.
 * `on`: false for one that is part of its page.
 */
export function useKeyboardFromList(panel: { readonly current: HTMLElement | null }, on = true): void {
  useEffect(() => {
    if (!on) return undefined;
    const before = document.activeElement;
    panel.current?.querySelector<HTMLElement>('h2')?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [panel, on]);
}

/** Whether a key closes a panel: Escape, unless it is that of a dialog over it. */
export function closesPanel({ key, target }: { readonly key: string; readonly target: EventTarget }): boolean {
  return key === 'Escape' && !(target instanceof Element && target.closest('dialog'));
}

export function PanelHead({ title, onClose }: { readonly title: string; readonly onClose?: (() => void) | undefined }) {
  const { t } = useTranslation();
  return (
    <header className="editor-head">
      <h2 tabIndex={-1}>{title}</h2>
      {onClose ? (
        <button type="button" className="icon-button" onClick={onClose} aria-label={t('list.closePanel')}>
          <Icon name="close" />
        </button>
      ) : null}
    </header>
  );
}

export interface SidePanelProps {
  readonly title: string;
  readonly onClose: () => void;
  /** Below what is read: what can be done with it. */
  readonly foot?: ReactNode;
  readonly children: ReactNode;
}

export function SidePanel({ title, onClose, foot, children }: SidePanelProps) {
  const panel = useRef<HTMLElement>(null);
  useKeyboardFromList(panel);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape closes, wherever the focus is
    <section
      ref={panel}
      className="editor-panel"
      aria-label={title}
      onKeyDown={(event) => {
        if (!closesPanel(event)) return;
        event.preventDefault();
        onClose();
      }}
    >
      <PanelHead title={title} onClose={onClose} />
      <div className="editor-fields">{children}</div>
      {foot}
    </section>
  );
}
