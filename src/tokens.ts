import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { Token } from '@lumino/coreutils';
import type { SmextModel } from './model';
import type { Preferences } from './preferences';
import type { Whose } from './ownership';

/** What every part of the extension is given. */
export interface ISmext {
  readonly model: SmextModel;
  readonly preferences: Preferences;
  readonly whose: Whose;
  readonly trans: TranslationBundle;
  readonly commands: CommandRegistry;
}

export const ISmext = new Token<ISmext>(
  'smext:ISmext',
  'The SageMaker account as it is seen from here.'
);

/** Ids of the commands. */
export const Commands = {
  open: 'smext:open',
  refresh: 'smext:refresh',
  runNotebook: 'smext:run-notebook',
  runSelected: 'smext:run-selected',
  showItem: 'smext:show-item',
  showTable: 'smext:show-table',
  openNotebook: 'smext:open-notebook'
} as const;
