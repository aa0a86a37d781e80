import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

interface Props {
  readonly title: string;
  /** Called once it is closed, by whatever: the one who opened it takes it away then. */
  readonly onClosed: () => void;
  /** @param close closes the dialog, which gives the focus back to what opened it */
  readonly children: (close: () => void) => ComponentChildren;
}

/** A question that has to be answered, or left with Escape, before anything else is done. */
export function Dialog({ title, onClosed, children }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useLayoutEffect(() => {
    if (!element.current!.open) element.current!.showModal();
  }, []);
  return (
    <dialog ref={element} class="dialog" aria-labelledby={heading} onClose={onClosed}>
      <h2 id={heading}>{title}</h2>
      {children(() => element.current?.close())}
    </dialog>
  );
}
