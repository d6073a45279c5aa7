import { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';
import { act } from '../stopping/action';
import type { Row } from '../generated';
import type { ISmext } from '../tokens';
import { Commands } from '../tokens';

/** Everything that can be done with a row, as a menu. */
export function openRowMenu(
  smext: ISmext,
  row: Row,
  x: number,
  y: number
): void {
  const { commands, trans } = smext;
  const { key, kind, name } = row;
  // Of its own, so that the entries fit this row alone.
  const registry = new CommandRegistry();
  const menu = new Menu({ commands: registry });
  menu.addClass('smext-Menu');
  const add = (label: string, execute: () => unknown) => {
    const command = `entry-${menu.items.length}`;
    registry.addCommand(command, { label, execute, describedBy: NO_ARGS });
    menu.addItem({ command });
  };
  add(trans.__('Show details'), () =>
    commands.execute(Commands.showItem, { kind, key, name })
  );
  if (row.notebook !== null) {
    add(trans.__('Open its notebook'), () =>
      commands.execute(Commands.openNotebook, { kind, key })
    );
  }
  add(trans.__('Copy name'), () => navigator.clipboard.writeText(name));
  row.links.forEach(link =>
    add(link.label, () => window.open(link.url, '_blank', 'noopener'))
  );
  if (row.actions.length > 0) {
    menu.addItem({ type: 'separator' });
  }
  row.actions.forEach(action =>
    add(`${action.label}…`, () => act(smext, row, action))
  );
  // Closing comes before the command that was chosen.
  menu.aboutToClose.connect(() => setTimeout(() => menu.dispose()));
  menu.open(x, y);
}

const NO_ARGS = { args: { type: 'object', properties: {} } } as const;
