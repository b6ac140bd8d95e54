import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

/**
 * Keeps the keyboard's focus on the selected row: it goes along when the selection moves, comes back when the comment
 * form closes, and survives that a row is moved in the page because the order changed. Focus that is elsewhere stays there.
 */
export function useRowFocus(
  listRef: RefObject<HTMLElement | null>,
  selectedId: string | undefined,
  formFor: string | undefined,
): void {
  const ownsFocusRef = useRef(false);

  useEffect(() => {
    const list = listRef.current;
    if (!list) return;
    const enter = (): void => {
      ownsFocusRef.current = true;
    };
    // A row that React moves loses focus to nothing; a person moves it to something.
    const leave = (event: FocusEvent): void => {
      if (event.relatedTarget instanceof Node && !list.contains(event.relatedTarget)) ownsFocusRef.current = false;
    };
    list.addEventListener('focusin', enter);
    list.addEventListener('focusout', leave);
    return () => {
      list.removeEventListener('focusin', enter);
      list.removeEventListener('focusout', leave);
    };
  }, [listRef]);

  const keyRef = useRef('');
  useLayoutEffect(() => {
    const list = listRef.current;
    const key = `${selectedId} ${formFor}`;
    const moved = key !== keyRef.current;
    keyRef.current = key;
    if (!list || selectedId === undefined || formFor !== undefined) return;
    const active = document.activeElement;
    const nowhere = active === null || active === document.body;
    if (!(moved ? nowhere || list.contains(active) : nowhere && ownsFocusRef.current)) return;
    list.querySelector<HTMLElement>('[data-selected] [data-row-button]')?.focus({ preventScroll: true });
  });
}
