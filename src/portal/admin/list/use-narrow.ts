import { useEffect, useState, type RefObject } from 'react';

/** CSS pixels below which a list shows only what it must. */
const NARROW = 620;

/** Whether an element has little room; where nothing is laid out there is enough. */
export function useNarrow(element: RefObject<HTMLElement | null>): boolean {
  const [narrow, setNarrow] = useState(false);
  useEffect(() => {
    const watched = element.current;
    if (!watched || typeof ResizeObserver === 'undefined') return undefined;
    const observer = new ResizeObserver(([entry]) => {
      const width = entry?.contentRect.width ?? 0;
      setNarrow(width > 0 && width < NARROW);
    });
    observer.observe(watched);
    return () => observer.disconnect();
  }, [element]);
  return narrow;
}
