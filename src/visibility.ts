import type { IDisposable } from '@lumino/disposable';
import type { Message } from '@lumino/messaging';
import { MessageLoop } from '@lumino/messaging';
import type { Widget } from '@lumino/widgets';

/** Holds what `start` gives while the widget can be seen. */
export function whileVisible(widget: Widget, start: () => IDisposable): void {
  let held: IDisposable | null = null;
  const settle = (visible: boolean) => {
    if (visible && !held) {
      held = start();
    } else if (!visible) {
      held?.dispose();
      held = null;
    }
  };
  MessageLoop.installMessageHook(widget, (_, message: Message) => {
    // The widget itself learns of the message after this hook.
    if (message.type === 'after-show') {
      settle(true);
    } else if (message.type === 'after-attach') {
      settle(!widget.isHidden && (widget.parent?.isVisible ?? true));
    } else if (LEAVING.has(message.type)) {
      settle(false);
    }
    return true;
  });
  widget.disposed.connect(() => settle(false));
}

const LEAVING = new Set(['before-detach', 'before-hide']);
