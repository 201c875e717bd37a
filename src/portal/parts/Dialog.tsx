/** The browser's own modal dialog: it traps the focus, closes on Escape and gives the focus back. */
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from './Icon.tsx';

export interface DialogProps {
  readonly title: string;
  readonly size?: 'small' | 'large';
  /** Escape, the close button, or the backdrop. */
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
}

export function Dialog({ title, size = 'small', onClose, children, footer }: DialogProps) {
  const { t } = useTranslation();
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const latestClose = useRef(onClose);
  useEffect(() => {
    latestClose.current = onClose;
  });

  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return undefined;
    const before = document.activeElement;
    dialog.showModal();
    // A browser closes a dialog without asking when Escape is pressed again and nothing was done in between.
    const closed = () => {
      dialog.showModal();
      latestClose.current();
    };
    dialog.addEventListener('close', closed);
    return () => {
      dialog.removeEventListener('close', closed);
      dialog.close();
      // The browser gives the focus back only to what is still in the page and was focused by it.
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  return (
    // The backdrop is part of the dialog element; the keyboard's way to the same end is Escape.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <dialog
      ref={ref}
      className={`portal-dialog portal-dialog-${size}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="portal-dialog-body">
        <header className="portal-dialog-head">
          <h2 id={titleId}>{title}</h2>
          <button type="button" className="icon-button" onClick={onClose} aria-label={t('close')}>
            <Icon name="close" />
          </button>
        </header>
        <div className="portal-dialog-content">{children}</div>
        {footer === undefined ? null : <footer className="portal-dialog-foot">{footer}</footer>}
      </div>
    </dialog>
  );
}
