import { DisposableDelegate } from '@lumino/disposable';
import { Panel, Widget } from '@lumino/widgets';
import { whileVisible } from '../visibility';

describe('what is held while a widget can be seen', () => {
  let held: boolean;
  let panel: Panel;
  let widget: Widget;

  beforeEach(() => {
    held = false;
    panel = new Panel();
    widget = new Widget();
    whileVisible(widget, () => {
      held = true;
      return new DisposableDelegate(() => {
        held = false;
      });
    });
  });

  afterEach(() => panel.dispose());

  it('is held from the start in a panel that is shown', () => {
    panel.addWidget(widget);
    Widget.attach(panel, document.body);
    expect(held).toBe(true);
    widget.dispose();
    expect(held).toBe(false);
  });

  it('waits for a widget that was hidden when it came', () => {
    widget.hide();
    Widget.attach(panel, document.body);
    panel.addWidget(widget);
    expect(held).toBe(false);
    widget.show();
    expect(held).toBe(true);
  });

  it('is let go with the panel around it, and taken again', () => {
    panel.addWidget(widget);
    Widget.attach(panel, document.body);
    panel.hide();
    expect(held).toBe(false);
    panel.show();
    expect(held).toBe(true);
    Widget.detach(panel);
    expect(held).toBe(false);
  });

  it('is not held in a panel that is hidden', () => {
    panel.hide();
    panel.addWidget(widget);
    Widget.attach(panel, document.body);
    expect(held).toBe(false);
  });
});
