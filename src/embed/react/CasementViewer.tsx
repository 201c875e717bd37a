/** The viewer as a React component. Its own entry of the package, since nothing else of it knows React. */
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, useState, type CSSProperties, type Ref } from 'react';
import {
  createViewer,
  type CreateViewerOptions,
  type MessageHandler,
  type ViewerEvents,
  type ViewerHandle,
} from '../viewer-frame.ts';

export interface CasementViewerProps extends Omit<CreateViewerOptions, 'onMessage'> {
  /** The handle, for commands; `null` while there is no viewer. */
  readonly ref?: Ref<ViewerHandle | null>;
  readonly className?: string;
  readonly style?: CSSProperties;
  readonly onState?: (state: ViewerEvents['state']) => void;
  readonly onConnected?: (body: ViewerEvents['connected']) => void;
  readonly onError?: (message: string, code: string | undefined) => void;
  readonly onDisconnect?: (message: string, code: string | undefined) => void;
  /** Answers scripts in the session by what it returns. */
  readonly onMessage?: MessageHandler;
}

/**
 * The frame is made anew when `url`, the ticket's session, or a wish about its looks changes, and only then: handlers
 * may be new functions with each rendering.
 */
export function CasementViewer({ ref, ...props }: CasementViewerProps) {
  const { url, ticket, title, ui, scaling, locale, theme, view, timeout } = props;
  const wishes = JSON.stringify([url, ticket?.id, ticket?.password, title, ui, scaling, locale, theme, view, timeout]);
  return <Frame key={wishes} handle={ref} {...props} />;
}

function Frame(props: Omit<CasementViewerProps, 'ref'> & { handle: CasementViewerProps['ref'] }) {
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  const [viewer, setViewer] = useState<ViewerHandle | null>(null);

  useLayoutEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    if (!place.current) return undefined;
    const { onMessage, getTicket, ...options } = latest.current;
    const made = createViewer(place.current, {
      ...options,
      ...(getTicket ? { getTicket: () => (latest.current.getTicket ?? getTicket)() } : {}),
      ...(onMessage ? { onMessage: (message) => latest.current.onMessage?.(message) } : {}),
    });
    made.on('state', (state) => latest.current.onState?.(state));
    made.on('connected', (body) => latest.current.onConnected?.(body));
    made.on('error', (message, code) => latest.current.onError?.(message, code));
    made.on('disconnect', (message, code) => latest.current.onDisconnect?.(message, code));
    setViewer(made);
    return () => made.dispose();
  }, []);

  useImperativeHandle<ViewerHandle | null, ViewerHandle | null>(props.handle, () => viewer, [viewer]);

  return <div ref={place} className={props.className} style={props.style} />;
}
